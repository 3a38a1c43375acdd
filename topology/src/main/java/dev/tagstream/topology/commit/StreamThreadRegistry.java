package dev.tagstream.topology.commit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

/**
 * What one stream thread knows about its tasks' unfinished work. The clients look it up at each
 * call, since Streams creates them on other threads than it uses them on.
 */
final class StreamThreadRegistry {

  private static final ThreadLocal<StreamThreadRegistry> CURRENT =
      ThreadLocal.withInitial(StreamThreadRegistry::new);

  private final Map<TaskId, UnfinishedOffsets> tasks = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final Map<Position, Long> replacedTimestamps = new RecentPositions();
  private long waitedNanos;
  private boolean failed;

  static StreamThreadRegistry current() {
    return CURRENT.get();
  }

  void watch(TaskId task, UnfinishedOffsets offsets) {
    tasks.put(task, offsets);
  }

  /** Whether a result is awaited by any task of this thread. */
  boolean awaiting() {
    for (UnfinishedOffsets task : tasks.values()) {
      if (task.awaiting()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The offsets to commit instead of the given ones. A lowered offset keeps its metadata (Streams
   * keeps the partition's time there) and loses its leader epoch, which is that of a later record.
   */
  Map<TopicPartition, OffsetAndMetadata> lower(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> lowered = new HashMap<>(offsets);
    lowered.replaceAll(
        (partition, position) -> {
          OptionalLong first = firstUnfinished(partition);
          return first.isPresent() && first.getAsLong() < position.offset()
              ? new OffsetAndMetadata(first.getAsLong(), position.metadata())
              : position;
        });
    return lowered;
  }

  private OptionalLong firstUnfinished(TopicPartition partition) {
    OptionalLong lowest = OptionalLong.empty();
    for (UnfinishedOffsets task : tasks.values()) {
      OptionalLong first = task.first(partition);
      if (first.isPresent() && (lowest.isEmpty() || first.getAsLong() < lowest.getAsLong())) {
        lowest = first;
      }
    }
    return lowest;
  }

  /** To be told of every successful commit, with the offsets as the broker has them now. */
  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, position) -> committed.put(partition, position.offset()));
    tasks.values().forEach(task -> task.committed(offsets));
    waitedNanos = 0;
  }

  /** Whether each of the offsets is the last one this thread committed for its partition. */
  boolean hasCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
    for (Map.Entry<TopicPartition, OffsetAndMetadata> position : offsets.entrySet()) {
      Long last = committed.get(position.getKey());
      if (last == null || last != position.getValue().offset()) {
        return false;
      }
    }
    return true;
  }

  /** The last offset this thread committed for the partition. */
  OptionalLong lastCommitted(TopicPartition partition) {
    Long offset = committed.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** To be told, by the thread itself, of what ends it. */
  void failed() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  void polled() {
    waitedNanos = 0;
  }

  long waited(long nanos) {
    waitedNanos += nanos;
    return waitedNanos;
  }

  void replacedTimestamp(String topic, int partition, long offset, long timestamp) {
    replacedTimestamps.put(new Position(topic, partition, offset), timestamp);
  }

  OptionalLong takeReplacedTimestamp(String topic, int partition, long offset) {
    if (replacedTimestamps.isEmpty()) {
      return OptionalLong.empty();
    }
    Long timestamp = replacedTimestamps.remove(new Position(topic, partition, offset));
    return timestamp == null ? OptionalLong.empty() : OptionalLong.of(timestamp);
  }

  private record Position(String topic, int partition, long offset) {}

  /**
   * Streams looks one record ahead per partition, so few entries are live. Those of a revoked
   * partition are never taken, hence the bound.
   */
  private static final class RecentPositions extends LinkedHashMap<Position, Long> {
    private static final int MOST = 10_000;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Position, Long> eldest) {
      return size() > MOST;
    }
  }
}
