package dev.tagstream.topology.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * When results came. The rate leaves out the first and the last tenth of them, while batches fill
 * and while the last ones run with nothing behind them: a stream that flows for days has neither.
 * Thread-safe.
 */
final class Arrivals {
  private static final double AT_EITHER_END = 0.1;

  private final List<Long> nanos = new ArrayList<>();
  private final LongSupplier clock;

  Arrivals() {
    this(System::nanoTime);
  }

  /** With a clock in nanoseconds. */
  Arrivals(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void add(int results) {
    long now = clock.getAsLong();
    for (int i = 0; i < results; i++) {
      nanos.add(now);
    }
  }

  synchronized int count() {
    return nanos.size();
  }

  /** Results a second between the two ends. */
  synchronized double perSecond() {
    int leftOut = (int) (nanos.size() * AT_EITHER_END);
    long start = nanos.get(leftOut);
    long end = nanos.get(nanos.size() - 1 - leftOut);
    // What came together with the result that starts the clock was made before; at the end, all
    // that came together counts.
    long counted = nanos.stream().filter(time -> time > start && time <= end).count();
    if (counted == 0) {
      throw new IllegalStateException(
          "all results came at once, so no rate can be told: measure more images");
    }
    return counted * 1e9 / (end - start);
  }
}
