package dev.tagstream.topology.batch;

import java.time.Duration;

/**
 * How much one task may have in flight, and how long a stream thread waits for room.
 *
 * @param records records started and not yet forwarded, per task
 * @param bytes bytes of those records (the event until its results exist, then the results), per
 *     task; one larger record is let in alone
 * @param longestWait how long {@code process()} may wait for room before the thread must commit; a
 *     whole process without one result for this long is a fault. Longer than the deadline of a
 *     source, shorter than the transaction's time-out
 */
public record PendingLimits(int records, long bytes, Duration longestWait) {

  public PendingLimits {
    if (records < 1 || bytes < 1 || longestWait.isNegative() || longestWait.isZero()) {
      throw new IllegalArgumentException(
          "Pending records, bytes and wait must be positive, not %d, %d and %s"
              .formatted(records, bytes, longestWait));
    }
  }
}
