package dev.tagstream.topology.config;

/**
 * Batches.
 *
 * @param maxSize images in a full batch; 0 leaves it to the device, see {@link #sizeOn}
 * @param inFlight batches handed to a device and not finished
 * @param decodeWorkers threads that fetch and decode pictures; never 0 here: resolved from the
 *     number of cores
 */
public record Batch(int maxSize, int inFlight, int decodeWorkers) {
  /** Larger ones gain nothing on a CPU; they only keep their first image waiting. */
  private static final int SIZE_ON_CPU = 8;

  private static final int SIZE_ON_GPU = 64;

  /**
   * Images in a full batch on a device.
   *
   * @param device {@code cpu} or {@code cuda:N}; {@code auto} counts as the larger
   */
  public int sizeOn(String device) {
    if (maxSize > 0) {
      return maxSize;
    }
    return device.equals("cpu") ? SIZE_ON_CPU : SIZE_ON_GPU;
  }
}
