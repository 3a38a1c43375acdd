package dev.tagstream.topology.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tagstream.topology.batch.AsyncTagging;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Answers at once, but for the records it is told to hold or to fail. Thread-safe. */
final class HeldTagging implements AsyncTagging {

  private final Map<InputRecord, CompletableFuture<List<Output>>> held = new ConcurrentHashMap<>();
  private final List<InputRecord> records = new ArrayList<>();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger mostHeld = new AtomicInteger();
  private volatile Predicate<InputRecord> holds = record -> false;
  private volatile Predicate<InputRecord> fails = record -> false;
  private volatile int resultBytes;

  HeldTagging hold(Predicate<InputRecord> which) {
    holds = which;
    return this;
  }

  HeldTagging fail(Predicate<InputRecord> which) {
    fails = which;
    return this;
  }

  HeldTagging resultsOf(int bytes) {
    resultBytes = bytes;
    return this;
  }

  @Override
  public synchronized CompletableFuture<List<Output>> start(InputRecord record) {
    started.incrementAndGet();
    records.add(record);
    if (fails.test(record)) {
      return CompletableFuture.failedFuture(new IllegalStateException("a fault of the machine"));
    }
    if (holds.test(record)) {
      CompletableFuture<List<Output>> future = new CompletableFuture<>();
      held.put(record, future);
      mostHeld.accumulateAndGet(held.size(), Math::max);
      return future;
    }
    return CompletableFuture.completedFuture(outputs(record));
  }

  /** Answers what is held, and holds nothing more. */
  synchronized void releaseAll() {
    holds = record -> false;
    new ArrayList<>(held.keySet()).forEach(this::release);
  }

  /** Answers one of the records held, if there is one. */
  synchronized boolean releaseOne() {
    return held.keySet().stream().findFirst().map(this::release).orElse(false);
  }

  private boolean release(InputRecord record) {
    CompletableFuture<List<Output>> future = held.remove(record);
    return future != null && future.complete(outputs(record));
  }

  /** The lowest offset held; -1 if none is. */
  synchronized long heldOffset() {
    return held.keySet().stream().mapToLong(InputRecord::offset).min().orElse(-1);
  }

  /** All records handed over so far, in their order. */
  synchronized List<InputRecord> records() {
    return List.copyOf(records);
  }

  int started() {
    return started.get();
  }

  int mostHeld() {
    return mostHeld.get();
  }

  private List<Output> outputs(InputRecord record) {
    String origin = record.partition() + "@" + record.offset();
    String padded = origin + " ".repeat(Math.max(0, resultBytes - origin.length()));
    return List.of(new Output("labels", record.key(), padded.getBytes(UTF_8), record.headers()));
  }
}
