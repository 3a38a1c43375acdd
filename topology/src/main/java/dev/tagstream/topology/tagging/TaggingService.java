package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.model.Checkpoint;
import dev.tagstream.model.ClipModel;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.EmbeddingSpace;
import dev.tagstream.topology.batch.AsyncTagging;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchListener;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.config.Topics;
import dev.tagstream.topology.labels.ConfiguredLabels;
import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.source.SourceResolver;
import dev.tagstream.topology.tagging.StageClock.Stage;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that tags, from bytes to bytes, without Kafka Streams: one for the process.
 *
 * <p>Owns its workers and the batch engine; model and codecs are the caller's and must outlive it.
 */
public final class TaggingService implements AutoCloseable {
  /** Text embeddings kept: at 512 dimensions 20,000 are 40 MB. */
  private static final int CACHED_TEXTS = 20_000;

  /** Threads that may wait for files; they cost no processor time. */
  private static final int SOURCE_WORKERS = 16;

  private final BatchEngine engine;
  private final LabelSets labels;
  private final Workers workers;
  private final Tagger tagger;
  private final StageClock stages;
  private final Map<Stage, Integer> threads;

  /** Who is told of batches and results, beside the brokers. */
  public record Listeners(BatchListener batches, ResultListener results) {
    /** Nobody. */
    public static final Listeners NONE = new Listeners(BatchListener.NONE, ResultListener.NONE);
  }

  private TaggingService(
      BatchEngine engine,
      LabelSets labels,
      Workers workers,
      Tagger tagger,
      StageClock stages,
      Map<Stage, Integer> threads) {
    this.threads = threads;
    this.stages = stages;
    this.engine = engine;
    this.labels = labels;
    this.workers = workers;
    this.tagger = tagger;
  }

  /**
   * Compiles the configured label sets and starts the workers.
   *
   * @param sources where pictures are read from that are not in their event
   */
  public static TaggingService open(
      TagstreamConfig config,
      SourceResolver sources,
      ConfiguredLabels configured,
      ModelOnDevices devices,
      AvroCodecs codecs,
      Listeners listeners) {
    ClipModel model = devices.clip();
    LabelSets labels = labelSets(configured, model);
    int decoders = config.batch().decodeWorkers();
    int finishers = Math.max(1, decoders / 4);
    Workers workers = Workers.start(SOURCE_WORKERS, decoders, finishers);
    BatchEngine engine =
        new BatchEngine(
            devices.devices(),
            new BatchOptions(config.batch().sizeOn(model.device()), config.batch().inFlight()),
            listeners.batches());
    StageClock stages = new StageClock();
    Tagger tagger =
        new Tagger(
            new EventReader(codecs.codec(ImageEvent.class)),
            labels,
            new ImageLoader(sources, model.preprocessor()),
            engine,
            encoder(config, identity(model.checkpoint()), codecs, listeners.results()),
            workers,
            new Tagger.Deadlines(config.sources().timeout(), config.labels().unknownSetWait()),
            stages,
            Clock.systemUTC());
    Map<Stage, Integer> threads = new EnumMap<>(Stage.class);
    threads.putAll(Map.of(Stage.READ, decoders, Stage.DECODE, decoders));
    threads.putAll(Map.of(Stage.AWAIT_BATCH, decoders, Stage.FINISH, finishers));
    threads.put(Stage.RESOLVE, SOURCE_WORKERS);
    return new TaggingService(engine, labels, workers, tagger, stages, threads);
  }

  /** What the topology hands records to. */
  public AsyncTagging tagging() {
    return tagger;
  }

  /** The label sets in force. */
  public LabelSets labels() {
    return labels;
  }

  /** For warming up, and for its counts. */
  public BatchEngine engine() {
    return engine;
  }

  /** Where the workers' time went. */
  public StageClock stages() {
    return stages;
  }

  /** Threads that may be in the stage at once; stages can share their threads. */
  public int threads(Stage stage) {
    return Objects.requireNonNull(threads.get(stage));
  }

  @Override
  public void close() {
    workers.close();
    engine.close();
  }

  private static LabelSets labelSets(ConfiguredLabels configured, ClipModel model) {
    LabelCompiler compiler =
        new LabelCompiler(model::embedTexts, model.checkpoint().logitScale(), CACHED_TEXTS);
    return new LabelSets(compiler, configured.sets());
  }

  private static ResultEncoder encoder(
      TagstreamConfig config, ModelIdentity model, AvroCodecs codecs, ResultListener listener) {
    Clock clock = Clock.systemUTC();
    Topics topics = config.topics();
    OutputEnvelope envelope =
        new OutputEnvelope(EmbeddingSpace.of(model), config.limits().maxEventBytes());
    RejectEncoder rejects =
        new RejectEncoder(
            new Destination<>(Sinks.REJECTS, topics.rejects(), codecs.codec(RejectedImage.class)),
            envelope,
            model,
            config.rejects().keepBytes(),
            clock);
    return new ResultEncoder(
        new Destination<>(
            Sinks.EMBEDDINGS, topics.embeddings(), codecs.codec(ImageEmbedding.class)),
        new Destination<>(Sinks.LABELS, topics.labels(), codecs.codec(ImageLabels.class)),
        rejects,
        envelope,
        model,
        listener,
        clock);
  }

  private static ModelIdentity identity(Checkpoint checkpoint) {
    return ModelIdentity.newBuilder()
        .setName(checkpoint.name())
        .setRevision(checkpoint.revision())
        .setWeightsSha256(checkpoint.weightsSha256())
        .setDimension(checkpoint.dimension())
        .setPreprocessing(checkpoint.preprocessingFingerprint())
        .build();
  }
}
