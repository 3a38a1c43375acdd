package dev.tagstream.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.graph.ComputeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the runtime holds of weights that it has converted to 16 bits, by its own account. */
class HalfWeightsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"F32", "BF16"})
  void theImageTowersWeightsAreHeldOnceAndIn16Bits(WeightType stored) throws Exception {
    CheckpointFolder checkpoint = written(stored);
    byte[] graph = LoadedGraphs.image(checkpoint, ComputeType.F16);

    List<TensorProto> held = held(checkpoint, graph, OptLevel.BASIC_OPT);

    assertThat(numbers(held, DataType.FLOAT16)).isEqualTo(weights(graph));
    assertThat(numbers(held, DataType.BFLOAT16)).isZero();
    // Factor and shift of every pixel of a patch: pixels are normalised in 32 bits.
    assertThat(numbers(held, DataType.FLOAT)).isEqualTo(2L * checkpoint.config().patchWidth());
  }

  @Test
  void theTextTowersWeightsAreHeldOnceAndIn16Bits() throws Exception {
    CheckpointFolder checkpoint = written(WeightType.F32);
    ClipConfig config = checkpoint.config();
    byte[] graph = LoadedGraphs.text(checkpoint, ComputeType.F16);
    long mask = (long) config.contextLength() * config.contextLength();

    List<TensorProto> held = held(checkpoint, graph, OptLevel.BASIC_OPT);

    assertThat(numbers(held, DataType.FLOAT16)).isEqualTo(weights(graph) + mask);
    assertThat(numbers(held, DataType.FLOAT)).isZero();
  }

  /** Why memory is measured at another level than the product's. It does not apply to a GPU. */
  @Test
  void aCpuAtTheProductsLevelHoldsTheSecondWeightOfEachMlpIn32Bits() throws Exception {
    CheckpointFolder checkpoint = written(WeightType.F32);
    TowerConfig tower = checkpoint.config().vision();
    byte[] graph = LoadedGraphs.image(checkpoint, ComputeType.F16);
    Function<List<TensorProto>, Long> wide =
        held ->
            held.stream()
                .filter(tensor -> tensor.getDataType() == DataType.FLOAT.getNumber())
                .map(TensorProto::getDimsList)
                .filter(List.of((long) tower.width(), (long) tower.mlpWidth())::equals)
                .count();

    assertThat(wide.apply(held(checkpoint, graph, OptLevel.BASIC_OPT))).isZero();
    assertThat(wide.apply(held(checkpoint, graph, OptLevel.ALL_OPT))).isEqualTo(tower.layers());
  }

  private CheckpointFolder written(WeightType stored) throws Exception {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny").storedAs(stored), 1);
    return CheckpointFolder.open(folder);
  }

  private List<TensorProto> held(CheckpointFolder checkpoint, byte[] graph, OptLevel level)
      throws Exception {
    Path optimised = folder.resolve("optimised.onnx");
    try (SessionOptions options = LoadedGraphs.options(checkpoint, level)) {
      options.setOptimizedModelFilePath(optimised.toString());
      OrtSession session = LoadedGraphs.session(graph, options);
      session.close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(optimised)).getGraph().getInitializerList();
  }

  /** How many numbers the graph takes from the checkpoint's files. */
  private static long weights(byte[] graph) throws Exception {
    return ModelProto.parseFrom(graph).getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
        .mapToLong(HalfWeightsTest::numbers)
        .sum();
  }

  /** Without scalars: the runtime writes the factor in QuickGELU as one. */
  private static long numbers(List<TensorProto> tensors, DataType type) {
    return tensors.stream()
        .filter(tensor -> tensor.getDataType() == type.getNumber() && tensor.getDimsCount() > 0)
        .mapToLong(HalfWeightsTest::numbers)
        .sum();
  }

  private static long numbers(TensorProto tensor) {
    return tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
  }
}
