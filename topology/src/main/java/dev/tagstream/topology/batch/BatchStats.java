package dev.tagstream.topology.batch;

/**
 * Totals since the engine started. All times are sums over threads, so that two batches running
 * side by side for a second count two seconds.
 *
 * @param batches batches run, repeated parts of failed ones and those handed on not counted
 * @param images images in those batches
 * @param poisoned images that made the device fail
 * @param deviceFailures batches that failed through the device
 * @param blockedNanos time submitters were held because all buffers were in flight
 * @param queuedNanos time images lay in a buffer before their batch was taken
 * @param deviceNanos time in the device
 */
public record BatchStats(
    long batches,
    long images,
    long poisoned,
    long deviceFailures,
    long blockedNanos,
    long queuedNanos,
    long deviceNanos) {

  /** Mean number of images in a batch; 0 before the first. */
  public double meanBatch() {
    return batches == 0 ? 0 : (double) images / batches;
  }

  /** These and others together. */
  BatchStats plus(BatchStats other) {
    return new BatchStats(
        batches + other.batches,
        images + other.images,
        poisoned + other.poisoned,
        deviceFailures + other.deviceFailures,
        blockedNanos + other.blockedNanos,
        queuedNanos + other.queuedNanos,
        deviceNanos + other.deviceNanos);
  }

  BatchStats withBlocked(long nanos) {
    return new BatchStats(
        batches, images, poisoned, deviceFailures, nanos, queuedNanos, deviceNanos);
  }

  /** What happened since an earlier snapshot. */
  public BatchStats since(BatchStats earlier) {
    return new BatchStats(
        batches - earlier.batches,
        images - earlier.images,
        poisoned - earlier.poisoned,
        deviceFailures - earlier.deviceFailures,
        blockedNanos - earlier.blockedNanos,
        queuedNanos - earlier.queuedNanos,
        deviceNanos - earlier.deviceNanos);
  }
}
