package dev.tagstream.topology.client;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.UndecodableRecordException;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Follows result topics: a {@code read_committed} consumer in no group, which disturbs nobody and
 * remembers nothing. Used by one thread, except {@link #wakeup}.
 */
public final class ResultFollower implements AutoCloseable {

  /** The topics there are to follow. */
  public enum Kind {
    EMBEDDINGS,
    LABELS,
    REJECTS
  }

  private final Map<String, Kind> kinds = new HashMap<>();
  private final Consumer<byte[], byte[]> consumer;
  private final ValueCodec<ImageEmbedding> embeddings;
  private final ValueCodec<ImageLabels> labels;
  private final ValueCodec<RejectedImage> rejects;

  /**
   * Connects, and finds its place at once: whatever is written after this returns is seen.
   *
   * @param fromBeginning start with the oldest record that is kept, else with the next
   * @throws UnknownTopicOrPartitionException if a topic does not exist
   */
  public ResultFollower(
      TagstreamConfig config, AvroCodecs codecs, Set<Kind> follow, boolean fromBeginning) {
    embeddings = codecs.codec(ImageEmbedding.class);
    labels = codecs.codec(ImageLabels.class);
    rejects = codecs.codec(RejectedImage.class);
    follow.forEach(kind -> kinds.put(topic(config, kind), kind));
    consumer = new KafkaConsumer<>(ClientSettings.consumer(config));
    try {
      List<TopicPartition> partitions = partitions();
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      partitions.forEach(consumer::position);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** The next results, in offset order per partition; empty if none come in time. */
  public List<Result> poll(Duration timeout) {
    List<Result> results = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
      results.add(decode(record));
    }
    return results;
  }

  /** Ends a {@link #poll} with a {@code WakeupException}; from any thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Result decode(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    try {
      return switch (kinds.getOrDefault(topic, Kind.REJECTS)) {
        case EMBEDDINGS -> new Result.Embedded(record, embeddings.fromBytes(topic, record.value()));
        case LABELS -> new Result.Labelled(record, labels.fromBytes(topic, record.value()));
        case REJECTS -> new Result.Rejected(record, rejects.fromBytes(topic, record.value()));
      };
    } catch (UndecodableRecordException e) {
      return new Result.Unreadable(record, String.valueOf(e.getMessage()));
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : kinds.keySet()) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new UnknownTopicOrPartitionException(topic);
      }
      infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  private static String topic(TagstreamConfig config, Kind kind) {
    return switch (kind) {
      case EMBEDDINGS -> config.topics().embeddings();
      case LABELS -> config.topics().labels();
      case REJECTS -> config.topics().rejects();
    };
  }
}
