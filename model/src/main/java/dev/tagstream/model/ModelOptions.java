package dev.tagstream.model;

import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.RunDevice;

/**
 * How a model runs and what it does to images.
 *
 * @param device where it runs
 * @param compute the number format it computes in
 * @param threads CPU threads that work on one call of {@link ClipModel#embedPixels}; without effect
 *     on a CUDA device
 * @param concurrentRuns calls of it that run at a time; more wait their turn
 * @param limits what an image may cost
 * @param applyOrientation whether a photo's EXIF orientation is applied, so that the model sees
 *     what a person sees; the reference implementations do not apply it
 */
public record ModelOptions(
    DeviceChoice device,
    ComputeChoice compute,
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
    return new ModelOptions(
        new DeviceChoice.Auto(), ComputeChoice.AUTO, 1, cores, ImageLimits.defaults(), true);
  }

  /**
   * These options with the device and the number format that they come down to on this machine.
   *
   * @throws dev.tagstream.model.runtime.DeviceUnavailableException if they name a device that
   *     cannot be used
   */
  public ModelOptions resolved() {
    RunDevice found = DeepStack.call(() -> RunDevice.resolve(device));
    DeviceChoice there =
        found.isCuda() ? new DeviceChoice.Cuda(found.cudaIndex()) : new DeviceChoice.Cpu();
    return on(there).computing(ComputeChoice.of(compute.on(found)));
  }

  /** These options on another device. */
  public ModelOptions on(DeviceChoice other) {
    return new ModelOptions(other, compute, threads, concurrentRuns, limits, applyOrientation);
  }

  /** These options in another number format. */
  public ModelOptions computing(ComputeChoice other) {
    return new ModelOptions(device, other, threads, concurrentRuns, limits, applyOrientation);
  }

  /** These options with {@code calls} at a time, each on {@code threadsEach} threads. */
  public ModelOptions concurrency(int threadsEach, int calls) {
    return new ModelOptions(device, compute, threadsEach, calls, limits, applyOrientation);
  }

  /** These options with other rules for images. */
  public ModelOptions images(ImageLimits other, boolean orientation) {
    return new ModelOptions(device, compute, threads, concurrentRuns, other, orientation);
  }
}
