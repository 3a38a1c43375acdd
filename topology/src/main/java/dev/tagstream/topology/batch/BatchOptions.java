package dev.tagstream.topology.batch;

/**
 * How a {@link BatchEngine} batches.
 *
 * @param maxBatch the most images in a batch; fewer are run whenever the device is free
 * @param inFlight batches on the device at once, each with a thread of its own
 */
public record BatchOptions(int maxBatch, int inFlight) {

  public BatchOptions {
    if (maxBatch < 1 || inFlight < 1) {
      throw new IllegalArgumentException(
          "Batch size and batches in flight must be at least 1, not "
              + maxBatch
              + " and "
              + inFlight);
    }
  }

  /** Two in flight, so that the device has work while results of the last batch are handed out. */
  public static BatchOptions ofSize(int maxBatch) {
    return new BatchOptions(maxBatch, 2);
  }
}
