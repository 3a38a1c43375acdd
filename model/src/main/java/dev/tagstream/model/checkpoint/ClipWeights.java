package dev.tagstream.model.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The tensors of a CLIP model, each found in the file and of the shape that the configuration
 * demands. Names are those of Hugging Face's {@code CLIPModel}.
 */
public final class ClipWeights {
  private static final String LOGIT_SCALE = "logit_scale";

  private final SafetensorsFile file;
  private final Map<String, StoredTensor> tensors;

  /**
   * Checks every tensor that the configuration asks for.
   *
   * @throws CheckpointException naming the first tensor that is missing or of another shape
   */
  public ClipWeights(SafetensorsFile file, ClipConfig config) {
    this.file = file;
    refuseOtherLayouts(file);
    Map<String, StoredTensor> found = new LinkedHashMap<>();
    shapes(config).forEach((name, shape) -> found.put(name, checked(name, shape)));
    this.tensors = found;
  }

  /**
   * The tensor of this name.
   *
   * @throws IllegalArgumentException if the configuration asks for no such tensor
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("The model has no tensor " + name);
    }
    return tensor;
  }

  /** The real file that every tensor lies in. */
  public Path file() {
    return file.file();
  }

  /** The real folder of that file. */
  public Path folder() {
    return Objects.requireNonNull(file.file().getParent());
  }

  /** How many tensors the model has. */
  public int count() {
    return tensors.size();
  }

  /** How many numbers all of them hold. */
  public long parameters() {
    return tensors.values().stream().mapToLong(StoredTensor::elements).sum();
  }

  /** The stored number formats, with how many numbers each holds. */
  public Map<WeightType, Long> parametersByType() {
    Map<WeightType, Long> counts = new TreeMap<>();
    tensors.values().forEach(t -> counts.merge(t.type(), t.elements(), Long::sum));
    return counts;
  }

  /** The factor on cosine similarities before the softmax: the exponential of the stored number. */
  public float logitScale() {
    float scale = (float) Math.exp(file.readScalar(tensor(LOGIT_SCALE)));
    if (!Float.isFinite(scale)) {
      throw new CheckpointException("The exponential of logit_scale is not a finite number.");
    }
    return scale;
  }

  private StoredTensor checked(String name, List<Long> shape) {
    StoredTensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new CheckpointException(
          file.file().getFileName()
              + " has no tensor "
              + name
              + " in F32, F16 or BF16, which config.json asks for.");
    }
    boolean oneNumber = shape.isEmpty() && tensor.elements() == 1;
    if (!oneNumber && !tensor.shape().equals(shape)) {
      throw new CheckpointException(
          "Tensor "
              + name
              + " has shape "
              + tensor.shape()
              + "; by config.json it has to be "
              + shape
              + ".");
    }
    return tensor;
  }

  private static void refuseOtherLayouts(SafetensorsFile file) {
    if (file.tensors().containsKey("visual.conv1.weight")
        || file.tensors().containsKey("visual.class_embedding")) {
      throw new CheckpointException(
          file.file().getFileName()
              + " is in the OpenCLIP layout. This version runs the Hugging Face layout:"
              + " most repositories hold both, the other one as model.safetensors.");
    }
  }

  /** Name and shape of every tensor of a model with this configuration. */
  public static Map<String, List<Long>> shapes(ClipConfig config) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    long vision = config.vision().width();
    long text = config.text().width();
    long patch = config.patchSize();
    shapes.put("vision_model.embeddings.class_embedding", List.of(vision));
    shapes.put(
        "vision_model.embeddings.patch_embedding.weight",
        List.of(vision, (long) ClipConfig.CHANNELS, patch, patch));
    shapes.put(
        "vision_model.embeddings.position_embedding.weight",
        List.of((long) config.imageTokens(), vision));
    norm(shapes, "vision_model.pre_layrnorm", vision);
    layers(shapes, "vision_model", config.vision());
    norm(shapes, "vision_model.post_layernorm", vision);
    shapes.put("visual_projection.weight", List.of((long) config.projectionDimension(), vision));
    shapes.put(
        "text_model.embeddings.token_embedding.weight",
        List.of((long) config.vocabularySize(), text));
    shapes.put(
        "text_model.embeddings.position_embedding.weight",
        List.of((long) config.contextLength(), text));
    layers(shapes, "text_model", config.text());
    norm(shapes, "text_model.final_layer_norm", text);
    shapes.put("text_projection.weight", List.of((long) config.projectionDimension(), text));
    shapes.put(LOGIT_SCALE, List.of());
    return shapes;
  }

  private static void layers(Map<String, List<Long>> shapes, String tower, TowerConfig config) {
    long width = config.width();
    long mlp = config.mlpWidth();
    for (int i = 0; i < config.layers(); i++) {
      String layer = tower + ".encoder.layers." + i;
      norm(shapes, layer + ".layer_norm1", width);
      for (String part : List.of("q", "k", "v", "out")) {
        linear(shapes, layer + ".self_attn." + part + "_proj", width, width);
      }
      norm(shapes, layer + ".layer_norm2", width);
      linear(shapes, layer + ".mlp.fc1", mlp, width);
      linear(shapes, layer + ".mlp.fc2", width, mlp);
    }
  }

  private static void norm(Map<String, List<Long>> shapes, String name, long width) {
    shapes.put(name + ".weight", List.of(width));
    shapes.put(name + ".bias", List.of(width));
  }

  private static void linear(Map<String, List<Long>> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }
}
