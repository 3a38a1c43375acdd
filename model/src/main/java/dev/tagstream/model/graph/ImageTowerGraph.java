package dev.tagstream.model.graph;

import static dev.tagstream.model.graph.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.ClipWeights;
import dev.tagstream.model.checkpoint.StoredTensor;
import dev.tagstream.model.graph.TransformerBlocks.Attention;
import dev.tagstream.model.graph.TransformerBlocks.Stream;
import dev.tagstream.model.image.PixelSpec;
import java.util.List;

/**
 * The vision transformer of CLIP (Radford et al. 2021, "Learning Transferable Visual Models From
 * Natural Language Supervision") with everything between bytes and embedding in the graph: patches,
 * normalisation of the pixels, the class token's projection, L2 normalisation.
 *
 * <p>Input {@value #PIXELS}: uint8 {@code [n, size, size, 3]}, RGB. Output: float {@code [n,
 * dimension]}.
 */
public final class ImageTowerGraph {
  /** The input's name. */
  public static final String PIXELS = "pixels";

  private static final String TOWER = "vision_model";

  private final ClipConfig config;
  private final PixelSpec spec;
  private final ClipWeights weights;
  private final OnnxGraph graph;
  private final TransformerBlocks blocks;

  private ImageTowerGraph(
      ClipConfig config, PixelSpec spec, ClipWeights weights, ComputeType compute) {
    this.config = config;
    this.spec = spec;
    this.weights = weights;
    this.graph = new OnnxGraph("clip-image", weights.folder(), compute);
    this.blocks = new TransformerBlocks(graph, weights, config.vision(), TOWER);
  }

  /** A serialised ONNX model whose external data lies in {@code weights.folder()}. */
  public static byte[] build(
      ClipConfig config, PixelSpec spec, ClipWeights weights, ComputeType compute) {
    return new ImageTowerGraph(config, spec, weights, compute).build();
  }

  private byte[] build() {
    int size = config.imageSize();
    int width = config.vision().width();
    String pixels =
        graph.input(PIXELS, DataType.UINT8, List.of("n", size, size, ClipConfig.CHANNELS));
    String shape = graph.longs(-1, config.imageTokens(), width);
    String flat = graph.longs(-1, width);
    String tokens = graph.node("Reshape", List.of(embeddings(pixels), flat));
    Stream stream = blocks.start(blocks.layerNorm(tokens, TOWER + ".pre_layrnorm"));
    int last = config.vision().layers() - 1;
    for (int layer = 0; layer < last; layer++) {
      stream = blocks.block(layer, stream, shape, "", blocks.norm(layer + 1, 1));
    }
    Attention attention =
        new Attention(
            classToken(stream.normalised(), shape),
            stream.normalised(),
            graph.longs(-1, 1, width),
            shape);
    Stream pooled =
        blocks.block(
            last, classToken(stream.residual(), shape), attention, "", TOWER + ".post_layernorm");
    Projection.add(graph, pooled.normalised(), weights.tensor("visual_projection.weight"));
    return graph.toBytes();
  }

  /** {@code [n, tokens, width]}: class token first, then the patches row by row. */
  private String embeddings(String pixels) {
    int width = config.vision().width();
    long patches = (long) config.patchesPerSide() * config.patchesPerSide();
    StoredTensor kernel = weights.tensor(TOWER + ".embeddings.patch_embedding.weight");
    String projected =
        graph.product(
            normalisedPatches(pixels),
            graph.weight(kernel, List.of((long) width, (long) config.patchWidth())),
            false);
    String patchTokens = graph.node("Reshape", List.of(projected, graph.longs(-1, patches, width)));
    String batch =
        graph.node(
            "Slice", List.of(graph.node("Shape", List.of(pixels)), graph.longs(0), graph.longs(1)));
    String classTokens =
        graph.node(
            "Expand",
            List.of(
                graph.weight(weights.tensor(TOWER + ".embeddings.class_embedding")),
                graph.node("Concat", List.of(batch, graph.longs(1, width)), attribute("axis", 0))));
    String tokens = graph.node("Concat", List.of(classTokens, patchTokens), attribute("axis", 1));
    String positions =
        graph.weight(weights.tensor(TOWER + ".embeddings.position_embedding.weight"));
    return graph.node("Add", List.of(tokens, positions));
  }

  /**
   * The patches as rows in the order of the convolution's kernel (channel, row, column). They are
   * rearranged while they are still bytes, a quarter of the memory traffic.
   */
  private String normalisedPatches(String pixels) {
    long side = config.patchesPerSide();
    long patch = config.patchSize();
    String whole = pixels;
    if (side * patch != config.imageSize()) {
      whole =
          graph.node(
              "Slice",
              List.of(
                  pixels,
                  graph.longs(0, 0),
                  graph.longs(side * patch, side * patch),
                  graph.longs(1, 2)));
    }
    String grid =
        graph.node(
            "Reshape",
            List.of(whole, graph.longs(-1, side, patch, side, patch, ClipConfig.CHANNELS)));
    String ordered =
        graph.node("Transpose", List.of(grid), attribute("perm", List.of(0L, 1L, 3L, 5L, 2L, 4L)));
    String bytes = graph.node("Reshape", List.of(ordered, graph.longs(-1, config.patchWidth())));
    String values = graph.node("Cast", List.of(bytes), attribute("to", DataType.FLOAT.getNumber()));
    String scaled = graph.node("Mul", List.of(values, perPixel(this::factor)));
    return graph.toCompute(graph.node("Add", List.of(scaled, perPixel(this::shift))));
  }

  private interface OfChannel {
    double value(int channel);
  }

  private double factor(int channel) {
    return spec.rescaleFactor() / spec.std().get(channel);
  }

  private double shift(int channel) {
    return -spec.mean().get(channel) / spec.std().get(channel);
  }

  private String perPixel(OfChannel channel) {
    int pixels = config.patchSize() * config.patchSize();
    float[] values = new float[config.patchWidth()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) channel.value(i / pixels);
    }
    return graph.floats(values, values.length);
  }

  /** {@code [n, width]} of the first token. */
  private String classToken(String tokens, String shape) {
    String rows = graph.node("Reshape", List.of(tokens, shape));
    String first =
        graph.node("Slice", List.of(rows, graph.longs(0), graph.longs(1), graph.longs(1)));
    return graph.node("Reshape", List.of(first, graph.longs(-1, config.vision().width())));
  }
}
