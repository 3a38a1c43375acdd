package dev.tagstream.topology.batch;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Sends every result to the partition number its input came from. Publishers use other
 * partitioners, or null keys; hashing the key again would lose the input's order.
 *
 * <p>Threads: {@link AsyncBatchProcessor} names the origin while it forwards, and a sink asks on
 * the same stream thread before the forwarding returns.
 */
public final class OriginPartitioner implements StreamPartitioner<byte[], byte[]> {

  private static final ThreadLocal<@Nullable Integer> ORIGIN = new ThreadLocal<>();

  /** Runs the action with results going to this partition number. */
  static void from(int partition, Runnable forward) {
    ORIGIN.set(partition);
    try {
      forward.run();
    } finally {
      ORIGIN.remove();
    }
  }

  /**
   * The partition number of the input whose results are being forwarded.
   *
   * @throws IllegalStateException if nothing is being forwarded by an {@link AsyncBatchProcessor},
   *     or the topic has fewer partitions than the input
   */
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte[] key, byte[] value, int numPartitions) {
    Integer origin = ORIGIN.get();
    if (origin == null) {
      throw new IllegalStateException("A result for " + topic + " has no origin");
    }
    if (origin >= numPartitions) {
      throw new IllegalStateException(
          "Topic %s has %d partitions but a result comes from partition %d of the input; give it as many as the input"
              .formatted(topic, numPartitions, origin));
    }
    return Optional.of(Set.of(origin));
  }
}
