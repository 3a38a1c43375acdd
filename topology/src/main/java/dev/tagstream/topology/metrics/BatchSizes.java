package dev.tagstream.topology.metrics;

import dev.tagstream.topology.batch.BatchListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How full batches are, on each device. */
final class BatchSizes implements BatchListener {
  private static final double[] BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128};

  private final MeterRegistry registry;
  private final Map<String, DistributionSummary> sizes = new ConcurrentHashMap<>();

  BatchSizes(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows a device that has not run anything yet. */
  void add(String device) {
    var unused = of(device);
  }

  @Override
  public void ran(String device, int images) {
    of(device).record(images);
  }

  private DistributionSummary of(String device) {
    return sizes.computeIfAbsent(
        device,
        name ->
            DistributionSummary.builder("tagstream.batch.size")
                .description("Images in a batch that the device has run.")
                .serviceLevelObjectives(BUCKETS)
                .tag("device", name)
                .register(registry));
  }
}
