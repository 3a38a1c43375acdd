package dev.tagstream.topology.metrics;

import dev.tagstream.topology.batch.BatchListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/** How full batches are. */
final class BatchSizes implements BatchListener {
  private static final double[] BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128};

  private final DistributionSummary sizes;

  BatchSizes(MeterRegistry registry) {
    sizes =
        DistributionSummary.builder("tagstream.batch.size")
            .description("Images in a batch that the device has run.")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  @Override
  public void ran(int images) {
    sizes.record(images);
  }
}
