package dev.tagstream.topology.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.EmbeddingSpace;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import dev.tagstream.topology.source.SourceResolver;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;

/** A tagger with everything real but the model; see {@link StandInModel}. */
final class TaggerHarness implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);
  static final ModelIdentity MODEL =
      ModelIdentity.newBuilder()
          .setName("stand-in")
          .setRevision("local")
          .setWeightsSha256("abc")
          .setDimension(2)
          .setPreprocessing("p1")
          .build();

  private static final int DECODERS = 2;

  private final EmbeddedRegistry registry = EmbeddedRegistry.start(0);
  private final AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at(registry.url()));
  private final StandInModel device = new StandInModel();
  private final BatchEngine engine = new BatchEngine(device, new BatchOptions(4, 1));
  private final Workers workers = Workers.start(1, DECODERS, 1);
  private boolean keepEventBytes = true;
  private long maxRecordBytes = 1 << 20;

  TaggerHarness() {
    SchemaRegistration.register(RegistryConfig.at(registry.url()), TopicRecord.defaultTopics());
  }

  byte[] bytes(ImageEvent event) {
    return codecs.codec(ImageEvent.class).toBytes(TestEvents.TOPIC, event);
  }

  List<Output> tag(ImageEvent.Builder event) {
    return tag(TestEvents.record(bytes(event.build())));
  }

  List<Output> tag(InputRecord record) {
    return tagger(codecs).start(record).join();
  }

  CompletableFuture<List<Output>> start(ImageEvent.Builder event) {
    return tagger(codecs).start(TestEvents.record(bytes(event.build())));
  }

  CompletableFuture<List<Output>> startWithoutRegistry(ImageEvent.Builder event) {
    byte[] bytes = bytes(event.build());
    registry.close();
    return tagger(AvroCodecs.connect(RegistryConfig.at(registry.url())))
        .start(TestEvents.record(bytes));
  }

  <T extends SpecificRecord> T decode(Class<T> type, Output output) {
    try {
      return codecs.codec(type).fromBytes("image-" + output.sink(), output.value());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  RejectedImage onlyReject(List<Output> outputs) {
    assertThat(outputs).extracting(Output::sink).containsExactly(Sinks.REJECTS);
    return decode(RejectedImage.class, outputs.get(0));
  }

  static String header(Output output, String name) {
    Header header = Objects.requireNonNull(output.headers().lastHeader(name), name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  void breakDevice() {
    device.breakDown();
  }

  void keepNoEventBytes() {
    keepEventBytes = false;
  }

  void limitRecordsTo(long bytes) {
    maxRecordBytes = bytes;
  }

  /** Keeps the decoders from anything new until the latch is counted down. */
  CountDownLatch holdDecoders() {
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < DECODERS; i++) {
      workers
          .decoders()
          .execute(
              () -> {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    return release;
  }

  long imagesOnDevice() {
    return engine.stats().images();
  }

  /** Takes the only source worker and never gives it back. */
  void stallSources() {
    CountDownLatch never = new CountDownLatch(1);
    workers
        .sources()
        .execute(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    workers.close();
    engine.close();
    codecs.close();
    registry.close();
  }

  private Tagger tagger(AvroCodecs codecs) {
    return new Tagger(
        new EventReader(codecs.codec(ImageEvent.class)),
        StandInModel.labelSets(),
        new ImageLoader(
            new SourceResolver(List.of(), 1 << 20),
            new ImagePreprocessor(PixelSpec.clip(StandInModel.SIDE), ImageLimits.defaults(), true)),
        engine,
        encoder(codecs),
        workers,
        new Tagger.Deadlines(Duration.ofMillis(50), Duration.ofMillis(1)),
        new StageClock(),
        Clock.systemUTC());
  }

  private ResultEncoder encoder(AvroCodecs codecs) {
    OutputEnvelope envelope = new OutputEnvelope(EmbeddingSpace.of(MODEL), maxRecordBytes);
    Clock clock = Clock.systemUTC();
    RejectEncoder rejects =
        new RejectEncoder(
            new Destination<>(Sinks.REJECTS, "image-rejects", codecs.codec(RejectedImage.class)),
            envelope,
            MODEL,
            keepEventBytes,
            clock);
    return new ResultEncoder(
        new Destination<>(Sinks.EMBEDDINGS, "image-embeddings", codecs.codec(ImageEmbedding.class)),
        new Destination<>(Sinks.LABELS, "image-labels", codecs.codec(ImageLabels.class)),
        rejects,
        envelope,
        MODEL,
        ResultListener.NONE,
        clock);
  }
}
