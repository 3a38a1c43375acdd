package dev.tagstream.model;

import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.runtime.DeviceChoice;

/**
 * How a model runs and what it does to images.
 *
 * @param device where it runs
 * @param threads CPU threads that work on one call of {@link ClipModel#embedPixels}; without effect
 *     on a CUDA device
 * @param concurrentRuns calls of it that run at a time; more wait their turn
 * @param limits what an image may cost
 * @param applyOrientation whether a photo's EXIF orientation is applied, so that the model sees
 *     what a person sees; the reference implementations do not apply it
 */
public record ModelOptions(
    DeviceChoice device,
    int threads,
    int concurrentRuns,
    ImageLimits limits,
    boolean applyOrientation) {

  public ModelOptions {
    if (threads < 1 || concurrentRuns < 1) {
      throw new IllegalArgumentException("threads and concurrentRuns have to be at least 1");
    }
  }

  /**
   * The best device there is; as many calls at a time as there are cores, each on a thread of its
   * own: a call on two threads waits for the slower one after every matrix, and with decoding
   * beside it that took about a tenth more CPU time an image.
   */
  public static ModelOptions defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new ModelOptions(new DeviceChoice.Auto(), 1, cores, ImageLimits.defaults(), true);
  }

  /** These options on another device. */
  public ModelOptions on(DeviceChoice other) {
    return new ModelOptions(other, threads, concurrentRuns, limits, applyOrientation);
  }

  /** These options with {@code calls} at a time, each on {@code threadsEach} threads. */
  public ModelOptions concurrency(int threadsEach, int calls) {
    return new ModelOptions(device, threadsEach, calls, limits, applyOrientation);
  }

  /** These options with other rules for images. */
  public ModelOptions images(ImageLimits other, boolean orientation) {
    return new ModelOptions(device, threads, concurrentRuns, other, orientation);
  }
}
