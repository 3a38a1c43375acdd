package dev.tagstream.topology;

import dev.tagstream.model.Checkpoint;
import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ComputeChoice;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.StarterModel;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.hub.ModelCard;
import dev.tagstream.model.hub.ModelReference;
import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.model.hub.StoredModel;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.tagging.ModelOnDevices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From configuration to a loaded model. */
public final class Models {

  private Models() {}

  /**
   * Loads the configured checkpoint on the configured devices, so that as many batches run side by
   * side on each as may be in flight.
   */
  public static ModelOnDevices load(TagstreamConfig config) {
    TagstreamConfig.Model model = config.model();
    int inFlight = config.batch().inFlight();
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = model.threads() > 0 ? model.threads() : Math.max(1, cores / inFlight);
    ImageLimits limits =
        new ImageLimits(
            config.limits().maxImageBytes(),
            config.limits().maxPixels(),
            ImageLimits.defaults().maxFrames());
    ModelOptions options =
        ModelOptions.defaults()
            .on(model.devices().get(0))
            .computing(ComputeChoice.parse(model.compute()))
            .concurrency(threads, inFlight)
            .images(limits, model.applyOrientation());
    ClipModel clip = load(path(model.path(), model::store), options);
    List<DeviceChoice> others = model.devices().subList(1, model.devices().size());
    return ModelOnDevices.load(clip, others);
  }

  /**
   * Looks at the configured checkpoint without loading it, in milliseconds: whether it is there,
   * its files fit each other, and, if it was pulled, all but its weights' bytes are what the lock
   * file says.
   *
   * @throws CheckpointException if not
   */
  public static void requireLoadable(TagstreamConfig config) {
    Path path = path(config.model().path(), config.model()::store);
    StoredModel.in(path).ifPresent(model -> require(model, model.quickProblems()));
    CheckpointFolder.open(path);
  }

  /**
   * Loads a checkpoint; one that was pulled has to be what its lock file says, down to the last
   * byte. Its weights are hashed beside loading and not twice.
   *
   * @throws CheckpointException if it cannot be used, or differs from its lock
   */
  public static ClipModel load(Path path, ModelOptions options) {
    Optional<StoredModel> pulled = pulled(path);
    pulled.ifPresent(model -> require(model, model.quickProblems()));
    ClipModel clip = ClipModel.load(path, options);
    try {
      pulled.ifPresent(
          model -> require(model, model.weightsProblems(clip.checkpoint().weightsSha256())));
      return clip;
    } catch (RuntimeException e) {
      clip.close();
      throw e;
    }
  }

  /**
   * Reads a checkpoint without loading it; one that was pulled is held to its lock as by {@link
   * #load(Path, ModelOptions)}.
   *
   * @throws CheckpointException if it cannot be used, or differs from its lock
   */
  public static Checkpoint read(Path path, ModelOptions options) {
    Optional<StoredModel> pulled = pulled(path);
    pulled.ifPresent(model -> require(model, model.quickProblems()));
    Checkpoint checkpoint = Checkpoint.read(path, options);
    pulled.ifPresent(model -> require(model, model.weightsProblems(checkpoint.weightsSha256())));
    return checkpoint;
  }

  /**
   * The pulled model that a path belongs to.
   *
   * @param path a folder, or the weights file in it
   * @return empty if there is no lock file, so that it is somebody's own
   */
  public static Optional<StoredModel> pulled(Path path) {
    return StoredModel.in(folder(path));
  }

  /**
   * Where the checkpoint is that somebody names. A folder or file of that name goes before a pulled
   * model; nothing is ever fetched here.
   *
   * @param named a path, {@code OWNER/NAME[@REVISION]} of a pulled model, or {@code starter}
   * @param store asked only for the name of a pulled model
   * @throws CheckpointException if the name has the form of a model's and no such one was pulled
   */
  public static Path path(String named, Supplier<Path> store) {
    if (named.equals(TagstreamConfig.Model.STARTER)) {
      return StarterModel.folder();
    }
    Path path = Path.of(named);
    if (Files.exists(path) || !ModelReference.hasForm(named)) {
      return path;
    }
    Path folder = store.get();
    return new ModelStore(folder)
        .find(ModelReference.parse(named))
        .map(StoredModel::folder)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "There is no folder %s here, and no model of that name in the store %s. `tagstream model pull %s` fetches it; nothing is fetched by itself."
                        .formatted(named, folder, named)));
  }

  /** What the checkpoint's card says, as it was when it was pulled if it was. */
  public static ModelCard card(Path path) {
    return pulled(path)
        .map(model -> model.lock().card())
        .orElseGet(() -> ModelCard.read(folder(path)));
  }

  private static Path folder(Path path) {
    Path beside = Files.isRegularFile(path) ? path.toAbsolutePath().getParent() : null;
    return beside == null ? path : beside;
  }

  private static void require(StoredModel model, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "%s in %s is not what was pulled: %s. `tagstream model pull %s` repairs it."
              .formatted(model.name(), model.folder(), String.join("; ", problems), model.name()));
    }
  }
}
