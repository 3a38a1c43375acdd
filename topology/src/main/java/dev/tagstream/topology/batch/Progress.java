package dev.tagstream.topology.batch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** When any result of this process last came; shared by all tasks. Thread-safe. */
final class Progress {

  private final LongSupplier nanoTime;
  private final AtomicLong lastResult;

  Progress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastResult = new AtomicLong(nanoTime.getAsLong());
  }

  void result() {
    lastResult.set(nanoTime.getAsLong());
  }

  /** Whether no result has come for this long, nor since the given start of waiting. */
  boolean silentFor(Duration duration, long waitingSince) {
    long now = nanoTime.getAsLong();
    return Math.min(now - waitingSince, now - lastResult.get()) > duration.toNanos();
  }

  long now() {
    return nanoTime.getAsLong();
  }
}
