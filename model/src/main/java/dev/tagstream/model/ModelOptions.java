package dev.tagstream.model;

import dev.tagstream.model.runtime.DeviceChoice;

/**
 * How a model runs.
 *
 * @param device where
 * @param threads CPU threads that work on one call; without effect on a CUDA device
 * @param concurrentRuns calls that run at a time; more wait their turn
 */
public record ModelOptions(DeviceChoice device, int threads, int concurrentRuns) {

  public ModelOptions {
    if (threads < 1 || concurrentRuns < 1) {
      throw new IllegalArgumentException("threads and concurrentRuns have to be at least 1");
    }
  }

  /** The best device there is, with all of its cores. */
  public static ModelOptions defaults() {
    return new ModelOptions(new DeviceChoice.Auto(), Runtime.getRuntime().availableProcessors(), 1);
  }

  /** The same on another device. */
  public ModelOptions on(DeviceChoice other) {
    return new ModelOptions(other, threads, concurrentRuns);
  }
}
