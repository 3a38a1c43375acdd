package dev.tagstream.model.graph;

import static dev.tagstream.model.graph.OnnxGraph.CONTRIB;
import static dev.tagstream.model.graph.OnnxGraph.attribute;

import dev.tagstream.model.checkpoint.ClipWeights;
import dev.tagstream.model.checkpoint.TowerConfig;
import java.util.List;

/**
 * Pre-norm transformer blocks over activations of shape {@code [batch * tokens, width]}.
 *
 * <p>A linear layer is a {@code Gemm}, which takes a weight of shape {@code [out, in]} as it lies
 * in the file, transposed or not. Attention is ONNX Runtime's fused operator, and so is "add, then
 * normalise" in 32 bits.
 */
final class TransformerBlocks {
  private final OnnxGraph graph;
  private final ClipWeights weights;
  private final TowerConfig config;
  private final String tower;

  /**
   * @param tower the prefix of the tower's tensor names, such as {@code vision_model}
   */
  TransformerBlocks(OnnxGraph graph, ClipWeights weights, TowerConfig config, String tower) {
    this.graph = graph;
    this.weights = weights;
    this.config = config;
    this.tower = tower;
  }

  /**
   * What the residual stream holds, and the same after the layer norm that reads it next: one fused
   * operator makes both.
   */
  record Stream(String residual, String normalised) {}

  /**
   * The names of a block's keys and values input, queries input, and the shapes around attention.
   */
  record Attention(String queriesOf, String keysOf, String queryShape, String keyShape) {}

  /** Enters the first block. */
  Stream start(String embeddings) {
    return new Stream(embeddings, layerNorm(embeddings, norm(0, 1)));
  }

  /** A block in which every token asks and answers. {@code shape} is that of the tokens, 3-D. */
  Stream block(int layer, Stream in, String shape, String attentionBias, String nextNorm) {
    var attention = new Attention(in.normalised(), in.normalised(), shape, shape);
    return block(layer, in.residual(), attention, attentionBias, nextNorm);
  }

  /**
   * A block. The tokens that ask may be fewer than those that answer: where only one token of the
   * last block is read, its queries, output and MLP are needed for that token alone.
   *
   * @param residual of the tokens that ask
   * @param attentionBias added to the attention scores; empty for none
   * @param nextNorm name of the layer norm that reads the result
   */
  Stream block(
      int layer, String residual, Attention attention, String attentionBias, String nextNorm) {
    String prefix = layer(layer);
    String attended = attention(prefix + ".self_attn.", attention, attentionBias);
    Stream afterAttention = addAndNormalise(attended, residual, norm(layer, 2));
    String hidden = linear(afterAttention.normalised(), prefix + ".mlp.fc1");
    String output = linear(activation(hidden), prefix + ".mlp.fc2");
    return addAndNormalise(output, afterAttention.residual(), nextNorm);
  }

  /** The name of a block's first or second layer norm. */
  String norm(int layer, int which) {
    return layer(layer) + ".layer_norm" + which;
  }

  String layerNorm(String input, String norm) {
    return graph.node(
        "LayerNormalization",
        List.of(input, weight(norm + ".weight"), weight(norm + ".bias")),
        attribute("epsilon", config.layerNormEpsilon()));
  }

  private String attention(String prefix, Attention attention, String bias) {
    String queries = linear(attention.queriesOf(), prefix + "q_proj");
    String keys = linear(attention.keysOf(), prefix + "k_proj");
    String values = linear(attention.keysOf(), prefix + "v_proj");
    String mixed =
        graph.node(
            CONTRIB,
            "MultiHeadAttention",
            List.of(
                graph.node("Reshape", List.of(queries, attention.queryShape())),
                graph.node("Reshape", List.of(keys, attention.keyShape())),
                graph.node("Reshape", List.of(values, attention.keyShape())),
                "",
                "",
                bias),
            attribute("num_heads", config.heads()));
    String flat = graph.node("Reshape", List.of(mixed, graph.longs(-1, config.width())));
    return linear(flat, prefix + "out_proj");
  }

  /**
   * ONNX Runtime's fused operator takes a row's mean and variance in the row's own format on CUDA,
   * which 16 bits are too few for; its plain layer norm takes them in 32. The sum is a {@code Sum}
   * because an {@code Add} may be fused with the norm again.
   */
  private Stream addAndNormalise(String update, String residual, String norm) {
    if (graph.compute() != ComputeType.F32) {
      String sum = graph.node("Sum", List.of(update, residual));
      return new Stream(sum, layerNorm(sum, norm));
    }
    String normalised = graph.newName("normalised");
    String sum = graph.newName("residual");
    graph.node(
        CONTRIB,
        "SkipLayerNormalization",
        List.of(update, residual, weight(norm + ".weight"), weight(norm + ".bias")),
        List.of(normalised, "", "", sum),
        attribute("epsilon", config.layerNormEpsilon()));
    return new Stream(sum, normalised);
  }

  private String activation(String input) {
    return switch (config.activation()) {
      case QUICK_GELU ->
          graph.node(CONTRIB, "QuickGelu", List.of(input), attribute("alpha", 1.702f));
      case GELU -> graph.node(CONTRIB, "Gelu", List.of(input));
    };
  }

  private String linear(String input, String name) {
    return graph.linear(input, weights.tensor(name + ".weight"), weight(name + ".bias"));
  }

  private String layer(int layer) {
    return tower + ".encoder.layers." + layer;
  }

  private String weight(String name) {
    return graph.weight(weights.tensor(name));
  }
}
