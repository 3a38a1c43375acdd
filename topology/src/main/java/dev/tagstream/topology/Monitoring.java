package dev.tagstream.topology;

import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.admin.GroupMembers;
import dev.tagstream.topology.batch.DeviceLane;
import dev.tagstream.topology.batch.InFlight;
import dev.tagstream.topology.commit.ReplacementLimit;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.labels.LabelTopic;
import dev.tagstream.topology.metrics.TagstreamMetrics;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.tagging.TaggingService;
import dev.tagstream.topology.web.HealthPage;
import dev.tagstream.topology.web.Liveness;
import dev.tagstream.topology.web.Readiness;
import dev.tagstream.topology.web.StreamsStatus;
import dev.tagstream.topology.web.WebServer;
import dev.tagstream.topology.web.WebServer.Page;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Metrics and health of one application, told of each part once it exists, and served over HTTP
 * from before the application starts until after it has stopped.
 *
 * <p>Thread-safe.
 */
public final class Monitoring implements AutoCloseable {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final TagstreamMetrics metrics = new TagstreamMetrics();
  private final int threads;
  private final Liveness liveness;
  private final Readiness readiness;
  private final ExecutorService background;
  private final @Nullable WebServer server;

  private Monitoring(TagstreamConfig config, boolean served) {
    this.background =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "health-background");
              thread.setDaemon(true);
              return thread;
            });
    this.threads = config.application().threads();
    this.liveness = new Liveness(config.web().deviceStuckAfter());
    this.readiness =
        new Readiness(
            () -> registryAnswers(config),
            () -> GroupMembers.ask(config),
            background,
            System::nanoTime);
    if (served) {
      metrics.addProcess();
    }
    this.server = served ? server(config.web()) : null;
  }

  /**
   * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready} at the configured
   * address from now on.
   *
   * @throws CannotStartException if the address cannot be had
   */
  public static Monitoring serve(TagstreamConfig config) {
    return new Monitoring(config, true);
  }

  /** Counts without serving, and without what only a scrape is for. */
  static Monitoring unserved(TagstreamConfig config) {
    return new Monitoring(config, false);
  }

  /** Where it is served; empty if it is not. */
  public Optional<URI> address() {
    return Optional.ofNullable(server).map(WebServer::address);
  }

  private boolean served() {
    return server != null;
  }

  /** For what tells of each batch and result. */
  TagstreamMetrics metrics() {
    return metrics;
  }

  /** The model is loaded and its workers wait for events; the registry has answered. */
  void tagging(ModelOnDevices model, TaggingService tagging) {
    metrics.addTagging(tagging);
    for (DeviceLane device : tagging.engine().devices()) {
      metrics.addDevice(device, model.clip().checkpoint(), model.compute(device.name()));
      liveness.device(device.name(), device::longestCall);
    }
    readiness.registryAnswered();
  }

  /**
   * The device is warm.
   *
   * @param batches how long as many full batches took as are in flight at once
   */
  void warm(Duration batches) {
    liveness.warm(batches);
    readiness.warm();
  }

  /** The label sets that were in their topic are in force. */
  void labels(LabelSets sets, LabelTopic topic) {
    metrics.addLabelSets(sets, topic);
    readiness.labelsRead(topic::following);
  }

  /** Kafka Streams has been started. */
  void streams(KafkaStreams streams, ReplacementLimit replacements, InFlight inFlight) {
    metrics.addInFlight(inFlight);
    metrics.addStreams(streams, replacements);
    if (served()) {
      metrics.addKafka(streams);
    }
    liveness.streams(() -> StreamsStatus.of(streams, threads));
    readiness.streams(() -> StreamsStatus.of(streams, threads));
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    background.shutdownNow();
    metrics.close();
  }

  private WebServer server(TagstreamConfig.Web web) {
    try {
      return WebServer.start(
          web.host(),
          web.port(),
          Map.of(
              "/metrics",
              () -> new Page(200, METRICS_TYPE, metrics.scrape()),
              "/health/live",
              new HealthPage("live", "not live", liveness.checks()),
              "/health/ready",
              new HealthPage("ready", "not ready", readiness.checks())));
    } catch (IOException e) {
      throw new CannotStartException(
          List.of(
              "Metrics and health cannot be served at %s, port %d (%s): set web.port to a free port or to 0 for any, and web.host to an address of this machine."
                  .formatted(web.host(), web.port(), e.getMessage())));
    }
  }

  private static boolean registryAnswers(TagstreamConfig config) {
    // The answer does not matter, only that there is one.
    return SchemaRegistration.missing(
            config.registry().client(), Map.of(TopicRecord.IMAGE_EVENT, config.topics().events()))
        .isEmpty();
  }
}
