package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointIdentity;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.Preprocessing;
import dev.tagstream.model.checkpoint.WeightType;
import java.nio.file.Path;
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
 * @param weightsSha256 of the whole {@code model.safetensors}, in lower-case hexadecimal digits
 * @param config sizes and activations of both towers
 * @param preprocessing what is done to an image
 * @param preprocessingFingerprint equal for checkpoints that do the same to an image
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
    ClipConfig config,
    Preprocessing preprocessing,
    String preprocessingFingerprint,
    float logitScale,
    int tensors,
    long parameters,
    Map<WeightType, Long> parametersByType,
    Optional<String> licence) {

  /**
   * Reads a checkpoint without loading it: every file is checked and the weights are hashed.
   *
   * @throws dev.tagstream.model.checkpoint.CheckpointException if the folder cannot be used, saying
   *     why
   */
  public static Checkpoint read(Path folder) {
    return describe(CheckpointFolder.open(folder));
  }

  static Checkpoint describe(CheckpointFolder folder) {
    CheckpointIdentity identity = CheckpointIdentity.of(folder.path());
    return new Checkpoint(
        folder.path(),
        identity.name(),
        identity.revision(),
        CheckpointIdentity.sha256(folder.weights().file()),
        folder.config(),
        folder.preprocessing(),
        folder.preprocessing().fingerprint(),
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
}
