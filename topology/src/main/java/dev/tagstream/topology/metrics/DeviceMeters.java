package dev.tagstream.topology.metrics;

import dev.tagstream.topology.batch.DeviceLane;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;

/** How busy one device is, and whether it works. */
final class DeviceMeters implements MeterBinder {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DeviceLane device;

  DeviceMeters(DeviceLane device) {
    this.device = device;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("tagstream.device.busy", device, of -> of.busy().toNanos() / NANOS)
        .description("Time in which the device had at least one batch.")
        .baseUnit("seconds")
        .tag("device", device.name())
        .register(registry);
    FunctionCounter.builder("tagstream.device.failures", device, of -> of.stats().deviceFailures())
        .description("Batches that failed through the device, handed on to another or not.")
        .tag("device", device.name())
        .register(registry);
    Gauge.builder("tagstream.device.in.use", device, of -> of.takesPart() ? 1 : 0)
        .description("1 while the device gets batches, 0 while others do its work.")
        .tag("device", device.name())
        .register(registry);
  }
}
