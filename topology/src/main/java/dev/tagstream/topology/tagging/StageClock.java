package dev.tagstream.topology.tagging;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Where the workers' time goes, summed over all threads since the start. Thread-safe. */
public final class StageClock {

  /** What a worker is doing. */
  public enum Stage {
    /** From the record's bytes to a checked event. */
    READ,
    /** Getting the image's bytes. */
    RESOLVE,
    /** From bytes to pixels. */
    DECODE,
    /** Held up by a busy device. */
    AWAIT_BATCH,
    /** Scoring and encoding. */
    FINISH
  }

  private final Map<Stage, Sums> service = new EnumMap<>(Stage.class);
  private final Map<Stage, Sums> queue = new EnumMap<>(Stage.class);

  private static final class Sums {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void addSince(long start) {
      nanos.add(System.nanoTime() - start);
      count.increment();
    }
  }

  public StageClock() {
    for (Stage stage : Stage.values()) {
      service.put(stage, new Sums());
      queue.put(stage, new Sums());
    }
  }

  <T> T time(Stage stage, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      of(service, stage).addSince(start);
    }
  }

  /** Workers that count how long a task waited for one of them. */
  Executor queuedFor(Stage stage, Executor workers) {
    return task -> {
      long handedOver = System.nanoTime();
      workers.execute(
          () -> {
            of(queue, stage).addSince(handedOver);
            task.run();
          });
    };
  }

  /** Nanoseconds spent in the stage, all threads together. */
  public long nanos(Stage stage) {
    return of(service, stage).nanos.sum();
  }

  /** Images that have been through the stage, well or not. */
  public long count(Stage stage) {
    return of(service, stage).count.sum();
  }

  /** Nanoseconds that images waited for a worker to begin with the stage. */
  public long queuedNanos(Stage stage) {
    return of(queue, stage).nanos.sum();
  }

  /** Images handed to the stage's workers; one that goes on on the same thread is not counted. */
  public long queuedCount(Stage stage) {
    return of(queue, stage).count.sum();
  }

  private static Sums of(Map<Stage, Sums> sums, Stage stage) {
    return Objects.requireNonNull(sums.get(stage));
  }
}
