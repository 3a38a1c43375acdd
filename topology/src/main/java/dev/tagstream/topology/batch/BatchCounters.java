package dev.tagstream.topology.batch;

import java.util.concurrent.atomic.LongAdder;

/** What a {@link DeviceLane} counts while it runs; see {@link BatchStats}. Thread-safe. */
final class BatchCounters {
  final LongAdder batches = new LongAdder();
  final LongAdder images = new LongAdder();
  final LongAdder poisoned = new LongAdder();
  final LongAdder deviceFailures = new LongAdder();
  final LongAdder queuedNanos = new LongAdder();
  final LongAdder deviceNanos = new LongAdder();

  BatchStats soFar() {
    return new BatchStats(
        batches.sum(),
        images.sum(),
        poisoned.sum(),
        deviceFailures.sum(),
        0,
        queuedNanos.sum(),
        deviceNanos.sum());
  }
}
