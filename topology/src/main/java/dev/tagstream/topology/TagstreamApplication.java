package dev.tagstream.topology;

import dev.tagstream.model.ClipModel;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.batch.InFlight;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.commit.LaggingCommit;
import dev.tagstream.topology.commit.ReplacementLimit;
import dev.tagstream.topology.config.MemoryBudget;
import dev.tagstream.topology.config.StreamsSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.LabelTopic;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.tagging.TaggingService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application: model, label sets and Kafka Streams. Topics, schemas, memory and the device's
 * speed are checked, and the label sets that are in their topic are in force, before the first
 * event is read. Everything is stopped in reverse order.
 *
 * <p>Threading: {@link #close} may be called by any thread, more than once.
 */
public final class TagstreamApplication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagstreamApplication.class);

  /**
   * Leaves the group, so that others take over at once and not when the session times out; a member
   * that closes while another is silent would also have to wait for that.
   */
  private static final CloseOptions LEAVING =
      CloseOptions.timeout(Duration.ofSeconds(30))
          .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final ReplacementLimit replacements;
  private final TaggingService tagging;
  private final ModelOnDevices model;

  /**
   * Loads the configured model and starts with it; closes it at the end. What is wrong with
   * checkpoint or labels is told before the brokers are asked.
   *
   * @throws CannotStartException if brokers, topics or device do not allow it
   * @throws dev.tagstream.topology.config.ConfigException if the limits do not fit the heap
   * @throws dev.tagstream.model.checkpoint.CheckpointException if the checkpoint cannot be used
   * @throws dev.tagstream.model.label.InvalidLabelSetException if the configured labels cannot
   */
  public static TagstreamApplication start(TagstreamConfig config) {
    return start(config, Monitoring.unserved(config));
  }

  /** The same, watched. */
  public static TagstreamApplication start(TagstreamConfig config, Monitoring monitoring) {
    Models.requireLoadable(config);
    LocalParts local = LocalParts.of(config);
    CompletableFuture<ModelOnDevices> loading =
        CompletableFuture.supplyAsync(() -> Models.load(config));
    CompletableFuture<Integer> checking = StartChecks.platform(config);
    int partitions;
    try {
      // Not one after the other: brokers that do not answer take their time to be told of.
      joined(CompletableFuture.anyOf(loading, checking));
      partitions = joined(checking);
    } catch (RuntimeException e) {
      CompletableFuture<Void> closing = loading.thenAccept(ModelOnDevices::close);
      LOG.debug("Not starting; the model is closed once loaded: {}", closing);
      throw e;
    }
    ModelOnDevices model = joined(loading);
    try {
      TagstreamApplication application =
          new TagstreamApplication(
              config, local, partitions, model, LaggingCommit.clientSupplier(), monitoring);
      application.parts.addLast(model);
      return application;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Starts with a model that is loaded already and stays the caller's. */
  public static TagstreamApplication start(TagstreamConfig config, ModelOnDevices model) {
    return start(config, model, LaggingCommit.clientSupplier(), Monitoring.unserved(config));
  }

  /** The same, watched. */
  public static TagstreamApplication start(
      TagstreamConfig config, ModelOnDevices model, Monitoring monitoring) {
    return start(config, model, LaggingCommit.clientSupplier(), monitoring);
  }

  /** With other clients: the control of the kill drill, which must lose events. */
  static TagstreamApplication start(
      TagstreamConfig config, ModelOnDevices model, KafkaClientSupplier clients) {
    return start(config, model, clients, Monitoring.unserved(config));
  }

  private static TagstreamApplication start(
      TagstreamConfig config,
      ModelOnDevices model,
      KafkaClientSupplier clients,
      Monitoring monitoring) {
    LocalParts local = LocalParts.of(config);
    int partitions = joined(StartChecks.platform(config));
    return new TagstreamApplication(config, local, partitions, model, clients, monitoring);
  }

  private TagstreamApplication(
      TagstreamConfig config,
      LocalParts local,
      int partitions,
      ModelOnDevices model,
      KafkaClientSupplier clients,
      Monitoring monitoring) {
    int batchSize = config.batch().sizeOn(model.clip().device());
    MemoryBudget.of(config, partitions, batchSize, model.clip().checkpoint().imageSize())
        .requireWithin(Runtime.getRuntime().maxMemory());
    this.model = model;
    this.replacements =
        new ReplacementLimit(
            config.processing().maxReplacements(), config.processing().replacementWindow());
    try {
      AvroCodecs codecs = opened(AvroCodecs.connect(config.registry().client()));
      tagging =
          opened(
              TaggingService.open(
                  config,
                  local.sources(),
                  local.labels(),
                  model,
                  codecs,
                  monitoring.metrics().listeners()));
      monitoring.tagging(model, tagging);
      monitoring.warm(StartChecks.batchTime(config, batchSize, tagging.engine()));
      LabelTopic labels =
          opened(LabelTopic.of(config, local.labels().gate(), codecs, tagging.labels()));
      joined(labels.start());
      monitoring.labels(tagging.labels(), labels);
      InFlight inFlight = new InFlight();
      KafkaStreams streams = streams(config, clients, inFlight);
      parts.push(() -> streams.close(LEAVING));
      streams.start();
      monitoring.streams(streams, replacements, inFlight);
    } catch (RuntimeException e) {
      closeParts();
      throw e;
    }
  }

  /** Which model tags. */
  public ClipModel model() {
    return model.clip();
  }

  /** Where it runs, and in which number format, for people. */
  public String devices() {
    return model.describeDevices();
  }

  /** The workers, for what they count. */
  public TaggingService tagging() {
    return tagging;
  }

  /** Completes when tagging has ended, be it by {@link #close} or by a failure. */
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  /** Why tagging ended by itself; empty if it did not. */
  public Optional<Throwable> failure() {
    return replacements.reasonToStop();
  }

  /** Ends tagging after the current commit; what is in flight is read again by the next owner. */
  @Override
  public synchronized void close() {
    closeParts();
    stopped.complete(null);
  }

  private KafkaStreams streams(
      TagstreamConfig config, KafkaClientSupplier clients, InFlight inFlight) {
    PendingLimits limits =
        new PendingLimits(
            config.limits().pendingRecords(),
            config.limits().pendingBytes(),
            config.processing().fullWait());
    Topology topology = TaggingTopology.build(config.topics(), tagging.tagging(), limits, inFlight);
    KafkaStreams streams = new KafkaStreams(topology, StreamsSettings.of(config), clients);
    streams.setUncaughtExceptionHandler(replacements);
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            stopped.complete(null);
          }
        });
    return streams;
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private void closeParts() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("Closing {} failed", part.getClass().getSimpleName(), e);
      }
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
