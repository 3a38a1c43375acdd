package dev.tagstream.topology.batch;

import dev.tagstream.topology.commit.UnfinishedOffsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The records of one task that were handed over and not yet forwarded: a queue per partition, in
 * offset order. Owned by the task's stream thread, but for the count of bytes, which completing
 * futures adjust, and for {@link #size}, {@link #sizeInBytes} and {@link #commitLag}, which any
 * thread may ask.
 *
 * <p>{@link #seal} drops the records and remembers where each partition stood, for commits that
 * come after the processor was closed.
 */
final class PendingQueue implements UnfinishedOffsets {

  private final Map<TopicPartition, Deque<Pending>> queues = new LinkedHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger size = new AtomicInteger();
  private final Map<TopicPartition, Reached> reached = new ConcurrentHashMap<>();
  private @Nullable Map<TopicPartition, Long> sealedAt;

  /** How far a partition has come. Written by the stream thread alone. */
  private static final class Reached {
    private volatile long takenUp;
    private volatile long committed;

    Reached(long firstOffset) {
      committed = firstOffset;
    }
  }

  /**
   * Appends a record whose results will come.
   *
   * @throws IllegalStateException if the offset is not above all earlier ones of its partition,
   *     since the finished prefix would then mean nothing
   */
  void add(InputRecord record, long eventTime, CompletableFuture<List<Output>> results) {
    if (sealedAt != null) {
      throw new IllegalStateException("The task of " + record + " is closed");
    }
    Deque<Pending> queue =
        queues.computeIfAbsent(record.topicPartition(), partition -> new ArrayDeque<>());
    Pending last = queue.peekLast();
    if (last != null && last.offset() >= record.offset()) {
      throw new IllegalStateException(record + " came after " + last);
    }
    queue.add(Pending.of(record, eventTime, results));
    size.incrementAndGet();
    // Reading begins where the last commit was.
    reached.computeIfAbsent(record.topicPartition(), partition -> new Reached(record.offset()))
            .takenUp =
        record.offset() + 1;
    count(record, results);
  }

  /**
   * Counts the event until its results exist, then what stays of it and the results. The callback
   * holds sizes alone, not the event.
   */
  private void count(InputRecord record, CompletableFuture<List<Output>> results) {
    long kept = record.keptInBytes();
    long whole = record.sizeInBytes();
    bytes.addAndGet(whole);
    var unused =
        results.thenAccept(outputs -> bytes.addAndGet(kept + sizeInBytes(outputs) - whole));
  }

  /** The queues that hold records, oldest partition first; their heads are next in turn. */
  Collection<Deque<Pending>> queues() {
    return queues.values();
  }

  /** Some head whose results are awaited; null if nothing is pending. */
  @Nullable Pending unfinishedHead() {
    for (Deque<Pending> queue : queues.values()) {
      Pending head = queue.peekFirst();
      if (head != null && !head.finished()) {
        return head;
      }
    }
    return null;
  }

  boolean headFailed() {
    for (Deque<Pending> queue : queues.values()) {
      Pending head = queue.peekFirst();
      if (head != null && head.failed()) {
        return true;
      }
    }
    return false;
  }

  /** Removes the head of a queue after all its results were forwarded. */
  void forwarded(Deque<Pending> queue, List<Output> outputs) {
    Pending head = queue.removeFirst();
    size.decrementAndGet();
    bytes.addAndGet(-(head.keptInBytes() + sizeInBytes(outputs)));
  }

  int size() {
    return size.get();
  }

  long sizeInBytes() {
    return bytes.get();
  }

  @Override
  public OptionalLong first(TopicPartition partition) {
    if (sealedAt != null) {
      Long offset = sealedAt.get(partition);
      return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }
    Deque<Pending> queue = queues.get(partition);
    return queue == null || queue.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(queue.getFirst().offset());
  }

  @Override
  public boolean awaiting() {
    return sealedAt == null && size() > 0;
  }

  @Override
  public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    reached.forEach(
        (partition, position) -> {
          OffsetAndMetadata offset = offsets.get(partition);
          if (offset != null) {
            position.committed = offset.offset();
          }
        });
  }

  Map<TopicPartition, Long> commitLag() {
    Map<TopicPartition, Long> lag = new HashMap<>();
    reached.forEach(
        (partition, position) ->
            lag.put(partition, Math.max(0, position.takenUp - position.committed)));
    return lag;
  }

  /**
   * Drops what is pending; {@link #first} answers as before until another queue takes its place.
   */
  void seal() {
    if (sealedAt != null) {
      return;
    }
    Map<TopicPartition, Long> heads = new HashMap<>();
    for (Deque<Pending> queue : queues.values()) {
      Pending head = queue.peekFirst();
      if (head != null) {
        heads.put(head.partition(), head.offset());
      }
      queue.forEach(pending -> pending.results().cancel(false));
    }
    sealedAt = heads;
    queues.clear();
    size.set(0);
  }

  private static long sizeInBytes(List<Output> outputs) {
    long sum = 0;
    for (Output output : outputs) {
      sum += output.sizeInBytes();
    }
    return sum;
  }
}
