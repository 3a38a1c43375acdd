package dev.tagstream.topology.metrics;

import dev.tagstream.model.Checkpoint;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.topology.batch.DeviceLane;
import dev.tagstream.topology.batch.InFlight;
import dev.tagstream.topology.commit.ReplacementLimit;
import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.labels.LabelTopic;
import dev.tagstream.topology.tagging.TaggingService;
import dev.tagstream.topology.tagging.TaggingService.Listeners;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The meters of one application. Each part adds its own once it exists, so that a scrape during the
 * start shows what is there already.
 *
 * <p>Thread-safe. Close it after the application, whose parts it reads.
 */
public final class TagstreamMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<AutoCloseable> closeables = new CopyOnWriteArrayList<>();
  private final List<Refreshed> refreshed = new CopyOnWriteArrayList<>();
  private final ResultMeters results;
  private final BatchSizes batches;

  /** Meters whose labels come and go, and so are brought up to date before each scrape. */
  interface Refreshed {
    void refresh();
  }

  /** With what is counted from the start, at 0. */
  public TagstreamMetrics() {
    registry.config().meterFilter(KafkaMeters.filter());
    results = new ResultMeters(registry, Clock.systemUTC());
    batches = new BatchSizes(registry);
  }

  /** What the tagging tells of batches and results. */
  public Listeners listeners() {
    return new Listeners(batches, results);
  }

  /** The Java process itself: memory, collections, threads, processor time. */
  public void addProcess() {
    for (MeterBinder binder : ProcessMeters.binders()) {
      binder.bindTo(registry);
      if (binder instanceof AutoCloseable closeable) {
        closeables.add(closeable);
      }
    }
  }

  /** The workers, and all devices together. */
  public void addTagging(TaggingService tagging) {
    new StageMeters(tagging).bindTo(registry);
  }

  /** One device, and which model runs on it in which number format. */
  public void addDevice(DeviceLane device, Checkpoint model, ComputeType compute) {
    Gauge.builder("tagstream.model.info", () -> 1)
        .description("The model that tags; always 1.")
        .tags("model", model.name(), "revision", model.revision())
        .tags("device", device.name(), "compute", compute.name().toLowerCase(Locale.ROOT))
        .register(registry);
    batches.add(device.name());
    new DeviceMeters(device).bindTo(registry);
  }

  /** The label sets in force. */
  public void addLabelSets(LabelSets sets, LabelTopic topic) {
    refreshed.add(new LabelSetMeters(registry, sets, topic));
  }

  /** What is between being read and being committed. */
  public void addInFlight(InFlight inFlight) {
    refreshed.add(new InFlightMeters(registry, inFlight));
  }

  /** The state of the stream threads. */
  public void addStreams(KafkaStreams streams, ReplacementLimit replacements) {
    new StreamMeters(streams::state, replacements).bindTo(registry);
  }

  /** Kafka's own metrics of the stream threads and their clients, those worth keeping. */
  public void addKafka(KafkaStreams streams) {
    KafkaMeters kafka = new KafkaMeters(registry, streams);
    closeables.add(kafka);
    refreshed.add(kafka);
  }

  /** Everything, in Prometheus' text format 0.0.4. */
  public String scrape() {
    refreshed.forEach(Refreshed::refresh);
    return registry.scrape();
  }

  @Override
  public void close() {
    for (AutoCloseable closeable : closeables) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("Closing meters", e);
      }
    }
    registry.close();
  }
}
