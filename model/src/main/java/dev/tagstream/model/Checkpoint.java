package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointIdentity;
import dev.tagstream.model.checkpoint.CheckpointLayout;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.runtime.RunDevice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint is: enough to tell whether two embeddings may be compared, and what {@code
 * tagstream model inspect} shows.
 *
 * @param folder where it lies
 * @param name {@code organisation/model} for a snapshot in Hugging Face's cache, else the folder's
 *     name
 * @param revision the snapshot's commit, or {@code local}
 * @param weightsSha256 of the whole weights file, in lower-case hexadecimal digits; see {@link
 *     CheckpointIdentity#sha256(java.util.List)} where there are several
 * @param layout how the files name the tensors
 * @param config sizes and activations of both towers
 * @param pixels what is done to an image
 * @param preprocessingFingerprint equal where the same is done to an image; see {@link
 *     PixelSpec#fingerprint}
 * @param logitScale the factor on cosine similarities before a softmax; the exponential of the
 *     stored number
 * @param tensors how many the model has
 * @param parameters how many numbers they hold
 * @param parametersByType the same by stored number format
 * @param licence as the model card names it, where there is one
 */
public record Checkpoint(
    Path folder,
    String name,
    String revision,
    String weightsSha256,
    CheckpointLayout layout,
    ClipConfig config,
    PixelSpec pixels,
    String preprocessingFingerprint,
    float logitScale,
    int tensors,
    long parameters,
    Map<WeightType, Long> parametersByType,
    Optional<String> licence) {

  /**
   * Reads a checkpoint without loading it: every file is checked, every number of the weights is
   * looked at, and they are hashed.
   *
   * @param path a folder, or a weights file whose configuration lies beside it
   * @throws dev.tagstream.model.checkpoint.CheckpointException if the checkpoint cannot be used,
   *     saying why
   * @throws dev.tagstream.model.runtime.DeviceUnavailableException if the options name a device
   *     that cannot be used
   */
  public static Checkpoint read(Path path, ModelOptions options) {
    return DeepStack.call(
        () ->
            describe(
                CheckpointFolder.open(path),
                options,
                options.compute().on(RunDevice.resolve(options.device()))));
  }

  static Checkpoint describe(CheckpointFolder folder, ModelOptions options, ComputeType compute) {
    folder.weights().requireFinite(compute.weights());
    CheckpointIdentity identity = CheckpointIdentity.of(folder.path());
    return new Checkpoint(
        folder.path(),
        identity.name(),
        identity.revision(),
        CheckpointIdentity.sha256(folder.weights().files()),
        folder.layout(),
        folder.config(),
        folder.pixels(),
        folder.pixels().fingerprint(options.applyOrientation()),
        folder.weights().logitScale(),
        folder.weights().count(),
        folder.weights().parameters(),
        folder.weights().parametersByType(),
        folder.licence());
  }

  /** Length of an embedding. */
  public int dimension() {
    return config.projectionDimension();
  }

  /** Width and height, in pixels, of the square that the image tower takes. */
  public int imageSize() {
    return config.imageSize();
  }

  /** Most tokens of a prompt, both special tokens included; longer prompts are cut. */
  public int contextLength() {
    return config.contextLength();
  }

  /** The stored number format, or {@code mixed}. */
  public String weightType() {
    return parametersByType.size() == 1
        ? parametersByType.keySet().iterator().next().name()
        : "mixed";
  }

  /**
   * What there is to say of the checkpoint, in an order for reading. Values are strings, numbers,
   * lists of numbers, or maps of such.
   */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", name);
    facts.put("revision", revision);
    facts.put("folder", folder.toString());
    facts.put("layout", layout.displayName());
    facts.put("licence", licence.orElse("not stated"));
    facts.put("weightsSha256", weightsSha256);
    facts.put("tensors", tensors);
    facts.put("parameters", parameters);
    facts.put("weightType", weightType());
    facts.put("dimension", dimension());
    facts.put("logitScale", logitScale);
    facts.put("imageSize", imageSize());
    facts.put("patchSize", config.patchSize());
    facts.put("imageTower", facts(config.vision()));
    facts.put("contextLength", contextLength());
    facts.put("vocabulary", config.vocabularySize());
    facts.put("textTower", facts(config.text()));
    facts.put("preprocessing", preprocessingFingerprint);
    facts.put("resize", pixels.resize() == null ? "none" : pixels.resize().toString());
    facts.put("crop", pixels.crop() == null ? "none" : pixels.crop().toString());
    facts.put("resample", pixels.filter().name().toLowerCase(Locale.ROOT));
    facts.put("mean", pixels.mean());
    facts.put("std", pixels.std());
    return facts;
  }

  private static Map<String, Object> facts(TowerConfig tower) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("width", tower.width());
    facts.put("layers", tower.layers());
    facts.put("heads", tower.heads());
    facts.put("mlpWidth", tower.mlpWidth());
    facts.put("activation", tower.activation().configName());
    return facts;
  }
}
