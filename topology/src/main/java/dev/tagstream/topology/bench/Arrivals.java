package dev.tagstream.topology.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * When results came. The rate leaves out the first tenth of them, while batches fill and partitions
 * are assigned. Thread-safe.
 */
final class Arrivals {
  private static final double WARM_UP = 0.1;

  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(int results) {
    long now = System.nanoTime();
    for (int i = 0; i < results; i++) {
      nanos.add(now);
    }
  }

  synchronized int count() {
    return nanos.size();
  }

  /** Results a second from the end of the warm-up to the last result. */
  synchronized double perSecond() {
    // All that came with the last one of the warm-up belong to it.
    long start = nanos.get((int) (nanos.size() * WARM_UP));
    long counted = nanos.stream().filter(time -> time > start).count();
    long last = nanos.get(nanos.size() - 1);
    if (counted == 0) {
      throw new IllegalStateException(
          "all results came at once, so no rate can be told: measure more images");
    }
    return counted * 1e9 / (last - start);
  }
}
