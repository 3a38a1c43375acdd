package dev.tagstream.topology.metrics;

import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchStats;
import dev.tagstream.topology.tagging.StageClock;
import dev.tagstream.topology.tagging.StageClock.Stage;
import dev.tagstream.topology.tagging.TaggingService;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** How long images wait for each stage and how long it takes, with the devices as the last one. */
final class StageMeters implements MeterBinder {
  private static final String DEVICE = "device";

  private final TaggingService tagging;

  StageMeters(TaggingService tagging) {
    this.tagging = tagging;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Stage stage : Stage.values()) {
      bindStage(registry, stage);
    }
    bindDevice(registry, tagging.engine());
  }

  private void bindStage(MeterRegistry registry, Stage stage) {
    StageClock clock = tagging.stages();
    String name = stage.name().toLowerCase(Locale.ROOT);
    if (stage != Stage.AWAIT_BATCH) {
      // Nothing is handed over for it: a decoder goes from decoding to waiting by itself.
      queue(registry, name, clock, of -> of.queuedCount(stage), of -> of.queuedNanos(stage));
    }
    service(registry, name, clock, of -> of.count(stage), of -> of.nanos(stage));
    workers(registry, name, tagging.threads(stage));
  }

  private void bindDevice(MeterRegistry registry, BatchEngine engine) {
    queue(registry, DEVICE, engine, of -> of.stats().images(), of -> of.stats().queuedNanos());
    service(registry, DEVICE, engine, of -> stats(of).batches(), of -> stats(of).deviceNanos());
    workers(registry, DEVICE, engine.devices().size() * engine.options().inFlight());
  }

  private static BatchStats stats(BatchEngine engine) {
    return engine.stats();
  }

  private static <T> void queue(
      MeterRegistry registry,
      String stage,
      T from,
      ToLongFunction<T> count,
      ToDoubleFunction<T> nanos) {
    FunctionTimer.builder("tagstream.stage.queue", from, count, nanos, TimeUnit.NANOSECONDS)
        .description("Time that images waited for a thread, or the device, to take them up.")
        .tag("stage", stage)
        .register(registry);
  }

  private static <T> void service(
      MeterRegistry registry,
      String stage,
      T from,
      ToLongFunction<T> count,
      ToDoubleFunction<T> nanos) {
    FunctionTimer.builder("tagstream.stage.service", from, count, nanos, TimeUnit.NANOSECONDS)
        .description("Time that threads spent on images (stage device: on batches).")
        .tag("stage", stage)
        .register(registry);
  }

  private static void workers(MeterRegistry registry, String stage, int threads) {
    Gauge.builder("tagstream.stage.workers", () -> threads)
        .description("Threads that can be in the stage at once.")
        .tag("stage", stage)
        .register(registry);
  }
}
