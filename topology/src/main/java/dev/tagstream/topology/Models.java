package dev.tagstream.topology;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.StarterModel;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.topology.config.TagstreamConfig;
import java.nio.file.Path;

/** From configuration to a loaded model. */
public final class Models {

  private Models() {}

  /**
   * Loads the configured checkpoint so that as many batches run side by side as may be in flight.
   */
  public static ClipModel load(TagstreamConfig config) {
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
            .on(DeviceChoice.parse(model.device()))
            .concurrency(threads, inFlight)
            .images(limits, model.applyOrientation());
    return ClipModel.load(folder(model), options);
  }

  /** The folder of the configured checkpoint, or that of the bundled model. */
  public static Path folder(TagstreamConfig.Model model) {
    return model.path().equals(TagstreamConfig.Model.STARTER)
        ? StarterModel.folder()
        : Path.of(model.path());
  }
}
