package dev.tagstream.model.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.tagstream.model.checkpoint.StoredTensor;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An ONNX graph under construction. Values are known by name; every method that adds something
 * returns the name of its result, for use as an input of what follows.
 */
final class OnnxGraph {
  /** Operators that ONNX Runtime adds to the standard. */
  static final String CONTRIB = "com.microsoft";

  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph;
  private final Path dataFolder;
  private final ComputeType compute;
  private int nextName;

  /**
   * @param name for messages of the runtime
   * @param dataFolder the folder in or below which stored tensors lie; the runtime is told it as
   *     well
   * @param compute the number format of {@link #weight weights} and so of what is computed of them
   */
  OnnxGraph(String name, Path dataFolder, ComputeType compute) {
    this.graph = GraphProto.newBuilder().setName(name);
    this.dataFolder = dataFolder;
    this.compute = compute;
  }

  ComputeType compute() {
    return compute;
  }

  /** A dimension is a number, or a name for one that differs from call to call. */
  String input(String name, DataType type, List<Object> shape) {
    graph.addInput(valueInfo(name, type, shape));
    return name;
  }

  void output(String value, List<Object> shape) {
    graph.addOutput(valueInfo(value, DataType.FLOAT, shape));
  }

  /**
   * A weight in the format that the graph computes in: where it lies if it is stored in that, else
   * converted once, when the runtime loads the graph.
   */
  String weight(StoredTensor tensor) {
    return weight(tensor, tensor.shape());
  }

  /** The same bytes under other dimensions. */
  String weight(StoredTensor tensor, List<Long> shape) {
    return toCompute(tensor, stored(tensor, shape));
  }

  /** {@code input * weight^T + bias}, for a weight {@code [out, in]} as a linear layer has it. */
  String linear(String input, StoredTensor weight, String... bias) {
    String matrix = toCompute(weight, stored(weight, weight.storedShape()));
    return product(input, matrix, weight.transposed(), bias);
  }

  /**
   * {@code input * weight^T + bias} of values in the graph's format.
   *
   * @param transposed whether the weight lies as {@code [in, out]} already
   */
  String product(String input, String weight, boolean transposed, String... bias) {
    Stream<String> inputs = Stream.concat(Stream.of(input, weight), Stream.of(bias));
    AttributeProto order = attribute("transB", transposed ? 0 : 1);
    return compute == ComputeType.F16_EMULATED
        ? toCompute(node("Gemm", inputs.map(this::toFloat).toList(), order))
        : node("Gemm", inputs.toList(), order);
  }

  /** A weight in its stored number format. */
  String stored(StoredTensor tensor, List<Long> shape) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(tensor.name())
            .setDataType(dataType(tensor).getNumber())
            .addAllDims(shape)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location(tensor.file())))
            .addExternalData(entry("offset", Long.toString(tensor.offset())))
            .addExternalData(entry("length", Long.toString(tensor.length()))));
    return tensor.name();
  }

  /** {@code value}, which has the number format of {@code tensor}, in that of the graph. */
  String toCompute(StoredTensor tensor, String value) {
    return cast(value, dataType(tensor), compute.onnx());
  }

  /** 32-bit floats in the format that the graph computes in. */
  String toCompute(String floats) {
    return cast(floats, DataType.FLOAT, compute.onnx());
  }

  /** A value that the graph computed, as 32-bit floats. */
  String toFloat(String computed) {
    return cast(computed, compute.onnx(), DataType.FLOAT);
  }

  private String cast(String value, DataType from, DataType to) {
    return from == to ? value : node("Cast", List.of(value), attribute("to", to.getNumber()));
  }

  String longs(long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(newName("longs"))
            .setDataType(DataType.INT64.getNumber())
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  String floats(float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(newName("floats"))
            .setDataType(DataType.FLOAT.getNumber())
            .setRawData(ByteString.copyFrom(bytes));
    for (long dimension : shape) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  /** A node of the standard operators with one result. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    return node("", operator, inputs, attributes);
  }

  /** A node with one result. */
  String node(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
    String result = newName(operator);
    node(domain, operator, inputs, List.of(result), attributes);
    return result;
  }

  /** A node with several results; an empty name leaves out an optional input or result. */
  void node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> results,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(operator)
            .setName(newName(operator + "_node"))
            .addAllInput(inputs)
            .addAllOutput(results)
            .addAllAttribute(List.of(attributes)));
  }

  String newName(String stem) {
    return stem + "_" + nextName++;
  }

  byte[] toBytes() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("tagstream")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CONTRIB).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  private static DataType dataType(StoredTensor tensor) {
    return switch (tensor.type()) {
      case F32 -> DataType.FLOAT;
      case F16 -> DataType.FLOAT16;
      case BF16 -> DataType.BFLOAT16;
    };
  }

  private String location(Path file) {
    return dataFolder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static ValueInfoProto valueInfo(String name, DataType type, List<Object> shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (Object dimension : shape) {
      var builder = TensorShapeProto.Dimension.newBuilder();
      dimensions.addDim(
          dimension instanceof Number number
              ? builder.setDimValue(number.longValue())
              : builder.setDimParam(dimension.toString()));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }
}
