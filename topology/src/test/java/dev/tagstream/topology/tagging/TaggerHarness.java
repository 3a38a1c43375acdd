package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ImageSource;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.Scoring;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.EmbeddingSpace;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.source.SourceResolver;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A tagger with everything real but the model, whose stand-in answers (0, 1), refuses images of one
 * colour, and can be broken.
 */
final class TaggerHarness implements AutoCloseable {
  static final String EVENTS = "image-events";
  static final int WIDTH = 12;
  static final int HEIGHT = 10;
  static final int POISON = 0x00ff00;
  static final Duration SOON = Duration.ofSeconds(60);
  static final ModelIdentity MODEL =
      ModelIdentity.newBuilder()
          .setName("stand-in")
          .setRevision("local")
          .setWeightsSha256("abc")
          .setDimension(2)
          .setPreprocessing("p1")
          .build();

  private static final int SIDE = 8;
  private static final int DECODERS = 2;

  private final EmbeddedRegistry registry = EmbeddedRegistry.start(0);
  private final AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at(registry.url()));
  private final BatchEngine engine = new BatchEngine(new StandIn(), new BatchOptions(4, 1));
  private final Workers workers = Workers.start(1, DECODERS, 1);
  private volatile boolean broken;
  private boolean keepEventBytes = true;
  private long maxRecordBytes = 1 << 20;

  private final class StandIn implements Device {
    @Override
    public int inputBytes() {
      return SIDE * SIDE * 3;
    }

    @Override
    public float[][] run(ByteBuffer pixels, int count) {
      float[][] vectors = new float[count][];
      for (int i = 0; i < count; i++) {
        int at = i * inputBytes();
        boolean green = pixels.get(at) == 0 && pixels.get(at + 1) == (byte) 0xff;
        if (broken || green) {
          throw new IllegalStateException("cannot run this batch");
        }
        vectors[i] = new float[] {0, 1};
      }
      return vectors;
    }
  }

  TaggerHarness() {
    SchemaRegistration.register(RegistryConfig.at(registry.url()), TopicRecord.defaultTopics());
  }

  ImageEvent.Builder event(String id) {
    return event(id, png(0xff0000));
  }

  ImageEvent.Builder event(String id, byte[] image) {
    return ImageEvent.newBuilder()
        .setEventId(id)
        .setSource(ImageSource.newBuilder().setBytes(ByteBuffer.wrap(image)).build())
        .setOccurredAt(Instant.ofEpochMilli(1_000));
  }

  byte[] png(int rgb) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  byte[] bytes(ImageEvent event) {
    return codecs.codec(ImageEvent.class).toBytes(EVENTS, event);
  }

  InputRecord record(byte @Nullable [] value) {
    return record(value, 2_000);
  }

  InputRecord record(byte @Nullable [] value, long timestamp) {
    Headers headers = new RecordHeaders();
    headers.add("trace", "t-1".getBytes(StandardCharsets.UTF_8));
    return new InputRecord(EVENTS, 3, 42, timestamp, new byte[] {7}, value, headers);
  }

  List<Output> tag(ImageEvent.Builder event) {
    return tag(record(bytes(event.build())));
  }

  List<Output> tag(InputRecord record) {
    return tagger(codecs).start(record).join();
  }

  CompletableFuture<List<Output>> start(ImageEvent.Builder event) {
    return tagger(codecs).start(record(bytes(event.build())));
  }

  CompletableFuture<List<Output>> startWithoutRegistry(ImageEvent.Builder event) {
    byte[] bytes = bytes(event.build());
    registry.close();
    return tagger(AvroCodecs.connect(RegistryConfig.at(registry.url()))).start(record(bytes));
  }

  <T extends SpecificRecord> T decode(Class<T> type, Output output) {
    try {
      return codecs.codec(type).fromBytes("image-" + output.sink(), output.value());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  void breakDevice() {
    broken = true;
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
        labelSets(),
        new ImageLoader(
            new SourceResolver(List.of(), 1 << 20),
            new ImagePreprocessor(PixelSpec.clip(SIDE), ImageLimits.defaults(), true)),
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

  private static LabelSets labelSets() {
    LabelCompiler compiler =
        new LabelCompiler(
            texts ->
                texts.stream()
                    .map(text -> text.contains("cat") ? new float[] {0, 1} : new float[] {1, 0})
                    .toArray(float[][]::new),
            10f,
            100);
    Label dog = Label.of("dog");
    Label cat = Label.of("cat");
    Label huge = new Label("huge", "x".repeat(80_000), List.of("huge"), null);
    return new LabelSets(
        compiler,
        List.of(
            new LabelSet("default", "1", List.of(dog), List.of(), Scoring.SOFTMAX, 5),
            new LabelSet("pets", "3", List.of(dog, cat), List.of(), Scoring.SOFTMAX, 5),
            new LabelSet("huge", "1", List.of(huge), List.of(), Scoring.SOFTMAX, 5)));
  }
}
