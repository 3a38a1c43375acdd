package dev.tagstream.model.graph;

import static dev.tagstream.model.graph.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.ClipWeights;
import dev.tagstream.model.checkpoint.StoredTensor;
import dev.tagstream.model.graph.TransformerBlocks.Stream;
import java.util.List;

/**
 * The causal text transformer of CLIP. Because no token looks ahead, what follows a prompt's end
 * token cannot change its embedding: prompts of one batch may be filled up with anything.
 *
 * <p>Inputs: {@value #TOKENS}, int64 {@code [n, length]} with length up to the context length, and
 * {@value #END}, int64 {@code [n, 1]}: the position whose output is the prompt's embedding. Output:
 * float {@code [n, dimension]}.
 */
public final class TextTowerGraph {
  /** Name of the input of token ids. */
  public static final String TOKENS = "tokens";

  /** Name of the input of positions. */
  public static final String END = "end";

  private static final String TOWER = "text_model";

  /**
   * Added to a score it leaves a weight of zero, and it has a place in 16 bits, also after that.
   */
  private static final float SHUT_OFF = -30_000;

  private TextTowerGraph() {}

  /** A serialised ONNX model whose external data lies in {@code weights.folder()}. */
  public static byte[] build(ClipConfig config, ClipWeights weights, ComputeType compute) {
    OnnxGraph graph = new OnnxGraph("clip-text", weights.folder(), compute);
    TransformerBlocks blocks = new TransformerBlocks(graph, weights, config.text(), TOWER);
    int width = config.text().width();
    String tokens = graph.input(TOKENS, DataType.INT64, List.of("n", "length"));
    String end = graph.input(END, DataType.INT64, List.of("n", 1));
    String tokensShape = graph.node("Shape", List.of(tokens));
    String length = graph.node("Slice", List.of(tokensShape, graph.longs(1), graph.longs(2)));
    String shape =
        graph.node("Concat", List.of(tokensShape, graph.longs(width)), attribute("axis", 0));
    String embeddings =
        graph.node(
            "Reshape", List.of(embeddings(graph, weights, tokens, length), graph.longs(-1, width)));
    String mask = causalMask(graph, config.contextLength(), length);
    Stream stream = blocks.start(embeddings);
    int layers = config.text().layers();
    for (int layer = 0; layer < layers; layer++) {
      String nextNorm =
          layer + 1 < layers ? blocks.norm(layer + 1, 1) : TOWER + ".final_layer_norm";
      stream = blocks.block(layer, stream, shape, mask, nextNorm);
    }
    String pooled =
        graph.node(
            "GatherND",
            List.of(graph.node("Reshape", List.of(stream.normalised(), shape)), end),
            attribute("batch_dims", 1));
    Projection.add(graph, pooled, weights.tensor("text_projection.weight"));
    return graph.toBytes();
  }

  private static String embeddings(
      OnnxGraph graph, ClipWeights weights, String tokens, String length) {
    StoredTensor table = weights.tensor(TOWER + ".embeddings.token_embedding.weight");
    // The table is the tower's largest tensor. Where conversion would make it larger still, only
    // the rows that were looked up are converted.
    String looked =
        table.type().bytes() > graph.compute().weights().bytes()
            ? graph.node("Gather", List.of(graph.weight(table), tokens))
            : graph.toCompute(
                table, graph.node("Gather", List.of(graph.stored(table, table.shape()), tokens)));
    String positions =
        graph.node(
            "Slice",
            List.of(
                graph.weight(weights.tensor(TOWER + ".embeddings.position_embedding.weight")),
                graph.longs(0),
                length,
                graph.longs(0)));
    return graph.node("Add", List.of(looked, positions));
  }

  /** {@code [1, 1, length, length]}, which shuts every token off from those after it. */
  private static String causalMask(OnnxGraph graph, int context, String length) {
    float[] mask = new float[context * context];
    for (int row = 0; row < context; row++) {
      for (int column = row + 1; column < context; column++) {
        mask[row * context + column] = SHUT_OFF;
      }
    }
    String whole = graph.toCompute(graph.floats(mask, 1, 1, context, context));
    String both = graph.node("Concat", List.of(length, length), attribute("axis", 0));
    return graph.node("Slice", List.of(whole, graph.longs(0, 0), both, graph.longs(2, 3)));
  }
}
