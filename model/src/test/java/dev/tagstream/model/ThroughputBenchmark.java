package dev.tagstream.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.runtime.DeviceChoice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Measures images a second of the image tower against the rate at which the same runtime, on the
 * same processor and threads, multiplies large matrices: what the tower could do if it were nothing
 * but its matrix products. The two are measured in turns.
 *
 * <pre>
 * ./tagstream model random --like vit-b-32 DIR
 * mvn -q -pl model test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/class-path
 * CP=model/target/test-classes:model/target/classes:$(cat /tmp/class-path)
 * java -cp $CP dev.tagstream.model.ThroughputBenchmark DIR [BATCH] [ROUNDS]
 * </pre>
 */
final class ThroughputBenchmark {
  private static final int SIDE = 2048;
  private static final double SECONDS_EACH = 5;

  private ThroughputBenchmark() {}

  public static void main(String[] arguments) throws OrtException {
    Path path = Path.of(arguments[0]);
    int batch = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    int threads = Runtime.getRuntime().availableProcessors();
    double perImage = productsPerImage(CheckpointFolder.open(path).config());
    ModelOptions options =
        ModelOptions.defaults().on(new DeviceChoice.Cpu()).concurrency(threads, 1);
    try (ClipModel model = ClipModel.load(path, options);
        MatrixProduct product = new MatrixProduct(threads)) {
      int size = model.checkpoint().imageSize();
      ByteBuffer pixels = ByteBuffer.allocateDirect(batch * size * size * 3);
      System.out.printf(
          Locale.ROOT,
          "%s: %.2f GFLOP an image, batches of %d, %d threads%n",
          path.getFileName(),
          perImage / 1e9,
          batch,
          threads);
      for (int round = 1; round <= rounds; round++) {
        double flops = 2.0 * SIDE * SIDE * SIDE * perSecond(product::run);
        double images = batch * perSecond(() -> model.embedPixels(pixels, batch));
        System.out.printf(
            Locale.ROOT,
            "round %d: matrix product %6.1f GFLOP/s, %7.2f images/s, which is %.2f of it%n",
            round,
            flops / 1e9,
            images,
            images * perImage / flops);
      }
    }
  }

  /** Floating-point operations in the matrix products of the image tower, two a product term. */
  private static double productsPerImage(ClipConfig config) {
    TowerConfig tower = config.vision();
    double width = tower.width();
    double tokens = config.imageTokens();
    double patches = 2 * (tokens - 1) * config.patchWidth() * width;
    double linear = 2 * tokens * (4 * width * width + 2 * width * tower.mlpWidth());
    double attention = 2 * 2 * tokens * tokens * width;
    double projection = 2 * width * config.projectionDimension();
    return patches + tower.layers() * (linear + attention) + projection;
  }

  private interface Work {
    void run() throws OrtException;
  }

  private static double perSecond(Work work) throws OrtException {
    work.run();
    int runs = 0;
    long start = System.nanoTime();
    double seconds = 0;
    while (seconds < SECONDS_EACH) {
      work.run();
      runs++;
      seconds = (System.nanoTime() - start) / 1e9;
    }
    return runs / seconds;
  }

  /** A graph of one node. */
  private static final class MatrixProduct implements AutoCloseable {
    private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    private final OrtSession session;
    private final OnnxTensor left;
    private final OnnxTensor right;

    MatrixProduct(int threads) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(graph(), options);
      left = matrix(environment);
      right = matrix(environment);
    }

    void run() throws OrtException {
      session.run(Map.of("left", left, "right", right)).close();
    }

    @Override
    public void close() throws OrtException {
      left.close();
      right.close();
      session.close();
      options.close();
    }

    private static OnnxTensor matrix(OrtEnvironment environment) throws OrtException {
      FloatBuffer values =
          ByteBuffer.allocateDirect(SIDE * SIDE * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < values.capacity(); i++) {
        values.put(i, (i % 7) - 3);
      }
      return OnnxTensor.createTensor(environment, values, new long[] {SIDE, SIDE});
    }

    private static byte[] graph() {
      GraphProto.Builder graph =
          GraphProto.newBuilder()
              .setName("product")
              .addInput(value("left"))
              .addInput(value("right"))
              .addOutput(value("product"))
              .addNode(
                  NodeProto.newBuilder()
                      .setOpType("MatMul")
                      .addInput("left")
                      .addInput("right")
                      .addOutput("product"));
      return ModelProto.newBuilder()
          .setIrVersion(8)
          .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
          .setGraph(graph)
          .build()
          .toByteArray();
    }

    private static ValueInfoProto value(String name) {
      TensorShapeProto.Dimension side =
          TensorShapeProto.Dimension.newBuilder().setDimValue(SIDE).build();
      TypeProto.Tensor type =
          TypeProto.Tensor.newBuilder()
              .setElemType(TensorProto.DataType.FLOAT.getNumber())
              .setShape(TensorShapeProto.newBuilder().addDim(side).addDim(side))
              .build();
      return ValueInfoProto.newBuilder()
          .setName(name)
          .setType(TypeProto.newBuilder().setTensorType(type))
          .build();
    }
  }
}
