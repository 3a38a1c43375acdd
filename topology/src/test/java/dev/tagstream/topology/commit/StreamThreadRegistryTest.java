package dev.tagstream.topology.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

final class StreamThreadRegistryTest {

  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final TopicPartition P1 = new TopicPartition("events", 1);

  private final StreamThreadRegistry registry = new StreamThreadRegistry();

  @Test
  void anOffsetIsLoweredToTheFirstUnfinishedRecordAndKeepsItsMetadataButNotItsLeaderEpoch() {
    registry.watch(new TaskId(0, 0), unfinished(Map.of(P0, 7L)));
    assertThat(registry.lower(Map.of(P0, new OffsetAndMetadata(12, Optional.of(3), "time"))))
        .containsExactly(Map.entry(P0, new OffsetAndMetadata(7, Optional.empty(), "time")));
  }

  @Test
  void anOffsetAtOrBelowTheFirstUnfinishedRecordPassesUnchanged() {
    registry.watch(new TaskId(0, 0), unfinished(Map.of(P0, 7L)));
    OffsetAndMetadata position = new OffsetAndMetadata(7, Optional.of(3), "time");
    assertThat(registry.lower(Map.of(P0, position))).containsExactly(Map.entry(P0, position));
  }

  @Test
  void partitionsAreLoweredEachByItsOwnTask() {
    registry.watch(new TaskId(0, 0), unfinished(Map.of(P0, 7L)));
    registry.watch(new TaskId(0, 1), unfinished(Map.of()));
    assertThat(registry.lower(Map.of(P0, new OffsetAndMetadata(12), P1, new OffsetAndMetadata(20))))
        .isEqualTo(Map.of(P0, new OffsetAndMetadata(7), P1, new OffsetAndMetadata(20)));
  }

  @Test
  void aNewProcessorOfATaskTakesThePlaceOfTheClosedOne() {
    TaskId task = new TaskId(0, 0);
    registry.watch(task, unfinished(Map.of(P0, 7L)));
    registry.watch(task, unfinished(Map.of()));
    OffsetAndMetadata position = new OffsetAndMetadata(12);
    assertThat(registry.lower(Map.of(P0, position))).containsExactly(Map.entry(P0, position));
  }

  @Test
  void purgingStopsAtTheOffsetThatWasReallyCommittedAndLeavesUnknownPartitionsAlone() {
    StreamThreadRegistry.current().committed(Map.of(P0, new OffsetAndMetadata(5)));
    Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
    records.put(P0, RecordsToDelete.beforeOffset(9));
    records.put(P1, RecordsToDelete.beforeOffset(9));
    assertThat(LaggingAdmin.clamped(records))
        .containsExactly(Map.entry(P0, RecordsToDelete.beforeOffset(5)));
  }

  @Test
  void aNegativeTimestampIsReplacedAndToldOnceToTheProcessor() {
    NonNegativeTimestamps timestamps = new NonNegativeTimestamps();
    ConsumerRecord<Object, Object> negative = record(-5);
    assertThat(timestamps.extract(negative, 1_000)).isEqualTo(1_000);
    assertThat(LaggingCommit.replacedTimestamp("events", 0, 3)).hasValue(-5);
    assertThat(LaggingCommit.replacedTimestamp("events", 0, 3)).isEmpty();
  }

  @Test
  void aNegativeTimestampBeforeAnyOtherBecomesZero() {
    assertThat(new NonNegativeTimestamps().extract(record(-5), -1)).isZero();
    assertThat(LaggingCommit.replacedTimestamp("events", 0, 3)).hasValue(-5);
  }

  @Test
  void aValidTimestampStaysAsItIs() {
    assertThat(new NonNegativeTimestamps().extract(record(0), 1_000)).isZero();
    assertThat(LaggingCommit.replacedTimestamp("events", 0, 3)).isEmpty();
  }

  private static ConsumerRecord<Object, Object> record(long timestamp) {
    return new ConsumerRecord<>(
        "events",
        0,
        3,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        "key",
        "value",
        new RecordHeaders(),
        Optional.empty());
  }

  private static UnfinishedOffsets unfinished(Map<TopicPartition, Long> first) {
    return new UnfinishedOffsets() {
      @Override
      public OptionalLong first(TopicPartition partition) {
        Long offset = first.get(partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
      }

      @Override
      public boolean awaiting() {
        return !first.isEmpty();
      }
    };
  }
}
