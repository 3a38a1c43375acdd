package dev.tagstream.topology.web;

import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;

/**
 * What the health of Kafka Streams depends on.
 *
 * @param missingThreads stream threads that ended and were not replaced
 * @param partitions assigned to this instance
 */
public record StreamsStatus(KafkaStreams.State state, int missingThreads, int partitions) {

  /**
   * As it is now; does not block.
   *
   * @param threads as many as are configured
   */
  public static StreamsStatus of(KafkaStreams streams, int threads) {
    Set<ThreadMetadata> alive = streams.metadataForLocalThreads();
    KafkaStreams.State state = streams.state();
    int partitions =
        alive.stream()
            .flatMap(thread -> thread.activeTasks().stream())
            .mapToInt(task -> task.topicPartitions().size())
            .sum();
    // Asked after the threads: while they are being stopped fewer are no news.
    int missing = state.isRunningOrRebalancing() ? Math.max(0, threads - alive.size()) : 0;
    return new StreamsStatus(state, missing, partitions);
  }
}
