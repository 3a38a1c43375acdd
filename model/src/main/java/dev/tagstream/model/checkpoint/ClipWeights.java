package dev.tagstream.model.checkpoint;

import static dev.tagstream.model.checkpoint.CheckpointLayout.HUGGING_FACE;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tensors of a CLIP model, each found in the files and of the shape that the configuration
 * demands. Names are those of Hugging Face's {@code CLIPModel}, whatever the files call them.
 */
public final class ClipWeights {
  private static final String LOGIT_SCALE = "logit_scale";

  private static final List<String> TOWER_PREFIXES =
      List.of("vision_model.", "text_model.", "visual.", "transformer.");

  private final WeightFiles files;
  private final CheckpointLayout layout;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  /**
   * Checks every tensor that the configuration asks for.
   *
   * @throws CheckpointException naming the first tensor that is missing or of another shape
   */
  ClipWeights(WeightFiles files, ClipConfig config, CheckpointLayout layout) {
    this.files = files;
    this.layout = layout;
    shapes(config).forEach((name, shape) -> tensors.put(name, find(name, shape)));
    refuseUnusedParts();
  }

  /** A part of a tower that the configuration does not ask for would be missing from the model. */
  private void refuseUnusedParts() {
    Set<String> used =
        tensors.keySet().stream()
            .map(name -> layout == HUGGING_FACE ? name : OpenClipTensors.of(name).name())
            .collect(Collectors.toSet());
    for (StoredTensor tensor : files.tensors().values()) {
      if (TOWER_PREFIXES.stream().anyMatch(tensor.name()::startsWith)
          && !used.contains(tensor.name())) {
        throw new CheckpointException(
            tensor.file().getFileName()
                + " has a tensor "
                + tensor.name()
                + ", which a model as "
                + layout.configFile()
                + " describes it has no use for: the two belong to different checkpoints, or this is"
                + " a variant of CLIP that cannot be run.");
      }
    }
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

  /** The files, as the checkpoint names them. */
  public List<Path> files() {
    return files.files();
  }

  /** The real folder that every tensor lies in or below. */
  public Path folder() {
    return tensors.values().stream()
        .map(tensor -> Objects.requireNonNull(tensor.file().getParent()))
        .distinct()
        .reduce(ClipWeights::commonFolder)
        .orElseThrow();
  }

  private static Path commonFolder(Path one, Path other) {
    Path common = one;
    while (!other.startsWith(common)) {
      common = Objects.requireNonNull(common.getParent(), "files on different drives");
    }
    return common;
  }

  /**
   * Reads all of the weights and checks that every number is finite and stays so when it is
   * converted.
   *
   * @param target the format that the model computes in
   * @throws CheckpointException naming the first tensor with one that is not or does not
   */
  public void requireFinite(WeightType target) {
    FiniteNumbers.require(tensors.values(), target);
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
    float scale = (float) Math.exp(TensorReader.scalar(tensor(LOGIT_SCALE)));
    if (!Float.isFinite(scale)) {
      throw new CheckpointException("The exponential of logit_scale is not a finite number.");
    }
    return scale;
  }

  private StoredTensor find(String name, List<Long> shape) {
    if (layout == HUGGING_FACE) {
      return runnable(name, checked(name, shape));
    }
    OpenClipTensors place = OpenClipTensors.of(name);
    StoredTensor whole = checked(place.name(), place.storedShape(shape));
    if (whole.transposed() && place.parts() > 1) {
      throw transposed(whole);
    }
    return runnable(name, place.of(whole));
  }

  /** Linear layers take a matrix in either order; a table is read row by row. */
  private static StoredTensor runnable(String name, StoredTensor tensor) {
    if (tensor.transposed() && name.contains(".embeddings.")) {
      throw transposed(tensor);
    }
    return tensor;
  }

  private static CheckpointException transposed(StoredTensor tensor) {
    return new CheckpointException(
        tensor.file().getFileName()
            + ": tensor "
            + tensor.name()
            + " lies column by column, in which order it cannot be used: call contiguous() on it"
            + " and save the checkpoint again.");
  }

  private StoredTensor checked(String name, List<Long> shape) {
    StoredTensor tensor = files.tensors().get(name);
    if (tensor == null) {
      throw new CheckpointException(
          files.name()
              + " has no tensor "
              + name
              + " in F32, F16 or BF16, which "
              + layout.configFile()
              + " asks for.");
    }
    boolean oneNumber = shape.isEmpty() && tensor.elements() == 1;
    if (!oneNumber && !tensor.shape().equals(shape)) {
      throw new CheckpointException(
          tensor.file().getFileName()
              + ": tensor "
              + name
              + " has shape "
              + tensor.shape()
              + "; by "
              + layout.configFile()
              + " it has to be "
              + shape
              + ".");
    }
    return tensor;
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
