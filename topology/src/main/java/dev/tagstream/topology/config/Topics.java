package dev.tagstream.topology.config;

import dev.tagstream.schemas.TopicRecord;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Topic names, and how {@code tagstream topics create} makes them.
 *
 * @param partitions of the events topic and therefore of the three result topics
 * @param replication copies of each partition; -1 for the broker's default
 * @param minInSyncReplicas {@code min.insync.replicas}; -1 for the broker's default
 */
public record Topics(
    String events,
    String embeddings,
    String labels,
    String rejects,
    String labelSets,
    int partitions,
    int replication,
    int minInSyncReplicas,
    Duration eventRetention,
    Duration resultRetention,
    Duration rejectRetention) {

  /** The retention that keeps records for ever. */
  public static final Duration UNLIMITED = Duration.ofMillis(-1);

  /** The topic of each record that has one. */
  public Map<TopicRecord, String> byRecord() {
    return new EnumMap<>(
        Map.of(
            TopicRecord.IMAGE_EVENT, events,
            TopicRecord.IMAGE_EMBEDDING, embeddings,
            TopicRecord.IMAGE_LABELS, labels,
            TopicRecord.REJECTED_IMAGE, rejects,
            TopicRecord.LABEL_SET, labelSets));
  }

  /** The three topics results go to, each with the partitions of the events topic. */
  public List<String> results() {
    return List.of(embeddings, labels, rejects);
  }
}
