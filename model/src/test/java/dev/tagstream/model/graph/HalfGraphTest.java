package dev.tagstream.model.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the graphs say about number formats, before a runtime sees them. */
class HalfGraphTest {
  @TempDir private Path folder;

  @Test
  void weightsStoredIn16BitsAreUsedWhereTheyLie() throws IOException {
    for (GraphProto graph : graphs(WeightType.F16, ComputeType.F16)) {
      assertThat(convertedWeights(graph)).isEmpty();
      assertThat(weights(graph)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"F32", "BF16"})
  void everyOtherWeightIsConverted(WeightType stored) throws IOException {
    GraphProto image = graphs(stored, ComputeType.F16).get(0);

    assertThat(convertedWeights(image)).isEqualTo(weights(image));
  }

  @Test
  void theTableOfTokensIsConvertedWholeOnlyWhereThatMakesItSmaller() throws IOException {
    String table = "text_model.embeddings.token_embedding.weight";

    assertThat(convertedWeights(graphs(WeightType.F32, ComputeType.F16).get(1))).contains(table);
    assertThat(convertedWeights(graphs(WeightType.BF16, ComputeType.F16).get(1)))
        .doesNotContain(table);
    assertThat(convertedWeights(graphs(WeightType.F16, ComputeType.F32).get(1)))
        .doesNotContain(table);
  }

  /** The fused operator's statistics have the format of the row. */
  @Test
  void noLayerNormIsFusedWithASumIn16Bits() throws IOException {
    for (GraphProto graph : graphs(WeightType.F16, ComputeType.F16)) {
      assertThat(operators(graph))
          .contains("LayerNormalization", "Sum")
          .doesNotContain("SkipLayerNormalization");
    }
    assertThat(operators(graphs(WeightType.F16, ComputeType.F32).get(0)))
        .contains("SkipLayerNormalization");
  }

  @Test
  void embeddingsAre32BitFloatsWhateverIsComputedIn() throws IOException {
    for (GraphProto graph : graphs(WeightType.F16, ComputeType.F16)) {
      assertThat(graph.getOutput(0).getType().getTensorType().getElemType())
          .isEqualTo(DataType.FLOAT.getNumber());
    }
  }

  private List<GraphProto> graphs(WeightType stored, ComputeType compute) throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny").storedAs(stored), 1);
    CheckpointFolder checkpoint = CheckpointFolder.open(folder);
    return List.of(
        parsed(
            ImageTowerGraph.build(
                checkpoint.config(), checkpoint.pixels(), checkpoint.weights(), compute)),
        parsed(TextTowerGraph.build(checkpoint.config(), checkpoint.weights(), compute)));
  }

  private static GraphProto parsed(byte[] model) throws InvalidProtocolBufferException {
    return ModelProto.parseFrom(model).getGraph();
  }

  private static Set<String> weights(GraphProto graph) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getDataLocation() == DataLocation.EXTERNAL)
        .map(TensorProto::getName)
        .collect(Collectors.toSet());
  }

  private static Set<String> convertedWeights(GraphProto graph) {
    Set<String> weights = weights(graph);
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Cast"))
        .map(node -> node.getInput(0))
        .filter(weights::contains)
        .collect(Collectors.toSet());
  }

  private static Stream<String> operators(GraphProto graph) {
    return graph.getNodeList().stream().map(NodeProto::getOpType);
  }
}
