package dev.tagstream.topology.tagging;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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

  private final Map<Stage, LongAdder> nanos = new EnumMap<>(Stage.class);

  public StageClock() {
    for (Stage stage : Stage.values()) {
      nanos.put(stage, new LongAdder());
    }
  }

  <T> T time(Stage stage, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      adder(stage).add(System.nanoTime() - start);
    }
  }

  /** Nanoseconds spent in the stage, all threads together. */
  public long nanos(Stage stage) {
    return adder(stage).sum();
  }

  private LongAdder adder(Stage stage) {
    return Objects.requireNonNull(nanos.get(stage));
  }
}
