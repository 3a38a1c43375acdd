package dev.tagstream.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // records that are only there to be pending
final class PendingQueueTest {

  private static final TopicPartition P0 = new TopicPartition("events", 0);

  private static final TopicPartition OTHER = new TopicPartition("events", 1);

  private final PendingQueue queue = new PendingQueue();

  @Test
  void theFirstUnfinishedOffsetIsTheHeadEvenIfItsResultsAreThereButNotForwarded() {
    add(5);
    add(6).complete(List.of());
    assertThat(queue.first(P0)).hasValue(5);
    assertThat(queue.awaiting()).isTrue();
  }

  @Test
  void aSealedQueueGoesOnAnsweringWhereItStood() {
    add(5);
    add(6);
    queue.seal();
    assertThat(queue.first(P0)).hasValue(5);
    assertThat(queue.awaiting()).isFalse();
    assertThat(queue.size()).isZero();
  }

  @Test
  void aSealedQueueTakesNothingMore() {
    queue.seal();
    assertThatThrownBy(() -> add(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void offsetsMustRise() {
    add(5);
    assertThatThrownBy(() -> add(5)).hasMessage("events-0@5 came after events-0@5");
  }

  @Test
  void bytesAreThoseOfTheEventUntilItsResultsExistThenThoseOfTheResultsThenNone() {
    CompletableFuture<List<Output>> results = add(5);
    assertThat(queue.sizeInBytes()).as("key 2, value 100").isEqualTo(102);
    results.complete(List.of(new Output("labels", null, new byte[30], new RecordHeaders())));
    assertThat(queue.sizeInBytes()).as("key 2, result 30").isEqualTo(32);
    queue.queues().forEach(partition -> queue.forwarded(partition, results.join()));
    assertThat(queue.sizeInBytes()).isZero();
  }

  @Test
  void theCommitLagIsCountedFromTheOffsetLastCommittedToTheOneLastTakenUp() {
    add(5);
    add(6);
    assertThat(queue.commitLag()).as("nothing committed since 5").containsEntry(P0, 2L);

    queue.committed(Map.of(P0, new OffsetAndMetadata(6), OTHER, new OffsetAndMetadata(99)));
    assertThat(queue.commitLag()).containsExactly(Map.entry(P0, 1L));

    queue.committed(Map.of(P0, new OffsetAndMetadata(7)));
    assertThat(queue.commitLag()).containsEntry(P0, 0L);
  }

  private CompletableFuture<List<Output>> add(long offset) {
    CompletableFuture<List<Output>> results = new CompletableFuture<>();
    queue.add(
        new InputRecord("events", 0, offset, 0, new byte[2], new byte[100], new RecordHeaders()),
        0,
        results);
    return results;
  }
}
