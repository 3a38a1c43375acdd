package dev.tagstream.topology.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ImageSource;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.DeviceFailedException;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class TaggerTest {
  private final TaggerHarness harness = new TaggerHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  private RejectedImage onlyReject(List<Output> outputs) {
    assertThat(outputs).extracting(Output::sink).containsExactly(Sinks.REJECTS);
    return harness.decode(RejectedImage.class, outputs.get(0));
  }

  private static String header(Output output, String name) {
    Header header = Objects.requireNonNull(output.headers().lastHeader(name), name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  @Test
  void anEventBecomesOneEmbeddingAndOneLabelsRecordForEachSetItNames() {
    List<Output> outputs =
        harness.tag(harness.event("e1").setLabelSets(List.of("pets", "default")));

    assertThat(outputs)
        .extracting(Output::sink)
        .containsExactly(Sinks.EMBEDDINGS, Sinks.LABELS, Sinks.LABELS);
    ImageEmbedding embedding = harness.decode(ImageEmbedding.class, outputs.get(0));
    assertThat(embedding.getVector()).containsExactly(0f, 1f);
    assertThat(embedding.getEventId()).isEqualTo("e1");
    assertThat(embedding.getImage().getFormat()).isEqualTo(ImageFormat.PNG);
    assertThat(embedding.getImage().getWidth()).isEqualTo(TaggerHarness.WIDTH);
    assertThat(embedding.getImage().getHeight()).isEqualTo(TaggerHarness.HEIGHT);
    ImageLabels pets = harness.decode(ImageLabels.class, outputs.get(1));
    assertThat(pets.getLabelSet()).isEqualTo("pets");
    assertThat(pets.getLabelSetVersion()).isEqualTo("3");
    assertThat(pets.getLabels()).extracting(ScoredLabel::getId).containsExactly("cat", "dog");
    assertThat(harness.decode(ImageLabels.class, outputs.get(2)).getLabelSet())
        .isEqualTo("default");
  }

  @Test
  void theTraceContextOfAnEventArrivesOnEachOfItsResults() {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    List<Output> results = new ArrayList<>();
    for (ImageEvent.Builder event :
        List.of(harness.event("tagged"), harness.event("rejected", new byte[] {1, 2, 3}))) {
      InputRecord record = harness.record(harness.bytes(event.build()));
      record.headers().add("traceparent", parent.getBytes(StandardCharsets.UTF_8));
      record.headers().add("tracestate", "vendor=t61rcWkgMzE".getBytes(StandardCharsets.UTF_8));
      results.addAll(harness.tag(record));
    }

    assertThat(results)
        .extracting(Output::sink)
        .containsExactly(Sinks.EMBEDDINGS, Sinks.LABELS, Sinks.REJECTS);
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(header(result, "traceparent")).isEqualTo(parent);
              assertThat(header(result, "tracestate")).isEqualTo("vendor=t61rcWkgMzE");
            });
  }

  @Test
  void aRejectIsLoggedForDebuggingWithTheRecordItIsAbout() {
    Logger logger = (Logger) LoggerFactory.getLogger(ResultEncoder.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.DEBUG);
    try {
      harness.tag(harness.event("rejected", new byte[] {1, 2, 3}));
      harness.tag(harness.event("tagged"));
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }

    assertThat(lines.list).hasSize(1);
    ILoggingEvent line = lines.list.get(0);
    assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
    assertThat(line.getFormattedMessage()).contains("UNKNOWN_FORMAT");
    assertThat(line.getKeyValuePairs())
        .extracting(KeyValuePair::toString)
        .containsExactly(
            "topic=\"image-events\"", "partition=\"3\"", "offset=\"42\"", "key=\"07\"");
  }

  @Test
  void everyResultSaysWhereItCameFromAndWhatMadeIt() {
    List<Output> outputs = harness.tag(harness.event("e1").setAttributes(Map.of("shop", "7")));

    ImageEmbedding embedding = harness.decode(ImageEmbedding.class, outputs.get(0));
    assertThat(embedding.getOrigin().getTopic()).isEqualTo(TaggerHarness.EVENTS);
    assertThat(embedding.getOrigin().getPartition()).isEqualTo(3);
    assertThat(embedding.getOrigin().getOffset()).isEqualTo(42);
    assertThat(embedding.getModel()).isEqualTo(TaggerHarness.MODEL);
    assertThat(embedding.getAttributes()).containsExactly(Map.entry("shop", "7"));
    assertThat(embedding.getOccurredAt()).isEqualTo(Instant.ofEpochMilli(1_000));
    for (Output output : outputs) {
      assertThat(header(output, TagstreamHeaders.ORIGIN)).isEqualTo("image-events-3@42");
      assertThat(header(output, TagstreamHeaders.EMBEDDING_SPACE)).isEqualTo("abc/2/p1");
      assertThat(header(output, "trace")).isEqualTo("t-1");
    }
    assertThat(header(outputs.get(1), TagstreamHeaders.LABEL_SET_VERSION)).isEqualTo("1");
  }

  @Test
  void anEventThatNamesNoSetGetsAnEmbeddingOnly() {
    assertThat(harness.tag(harness.event("e1").setLabelSets(List.of())))
        .extracting(Output::sink)
        .containsExactly(Sinks.EMBEDDINGS);
  }

  @Test
  void aSetNamedTwiceIsAnsweredOnce() {
    assertThat(harness.tag(harness.event("e1").setLabelSets(List.of("pets", "pets")))).hasSize(2);
  }

  @Test
  void anUnknownSetGetsOneRejectAndNothingElse() {
    RejectedImage reject =
        onlyReject(harness.tag(harness.event("e1").setLabelSets(List.of("pets", "none"))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNKNOWN_LABEL_SET);
    assertThat(reject.getDetail()).contains("none").doesNotContain("pets");
    assertThat(reject.getEventId()).isEqualTo("e1");
  }

  @Test
  void bytesThatAreNoEventAreRejectedWithTheBytes() {
    byte[] bytes = "no event".getBytes(StandardCharsets.UTF_8);

    RejectedImage reject = onlyReject(harness.tag(harness.record(bytes)));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNDECODABLE_EVENT);
    assertThat(reject.getStage()).isEqualTo(RejectStage.READ);
    assertThat(reject.getEventId()).isNull();
    assertThat(reject.getEventBytes()).isEqualTo(ByteBuffer.wrap(bytes));
    assertThat(reject.getEventTruncated()).isFalse();
  }

  @Test
  void aTombstoneIsRejected() {
    assertThat(onlyReject(harness.tag(harness.record(null))).getReason())
        .isEqualTo(RejectReason.INVALID_EVENT);
  }

  @Test
  void anEventFromBefore1970IsRejected() {
    InputRecord record = harness.record(harness.bytes(harness.event("e1").build()), -1);

    assertThat(onlyReject(harness.tag(record)).getDetail()).contains("timestamp is -1");
  }

  @Test
  void anEventThatNamesTooManySetsIsRejected() {
    List<String> names = IntStream.range(0, 17).mapToObj(i -> "set-" + i).toList();

    assertThat(onlyReject(harness.tag(harness.event("e1").setLabelSets(names))).getDetail())
        .contains("17 label sets; allowed are 16");
  }

  @Test
  void attributesBeyondTheirBoundAreRejectedAndNotCarriedOn() {
    RejectedImage reject =
        onlyReject(harness.tag(harness.event("e1").setAttributes(Map.of("a", "x".repeat(20_000)))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.INVALID_EVENT);
    assertThat(reject.getAttributes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEventWithoutIdIsRejected(String id) {
    assertThat(onlyReject(harness.tag(harness.event(id))).getReason())
        .isEqualTo(RejectReason.INVALID_EVENT);
  }

  @Test
  void bytesThatAreNoImageAreRejected() {
    RejectedImage reject = onlyReject(harness.tag(harness.event("e1", new byte[] {1, 2, 3, 4})));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNKNOWN_FORMAT);
    assertThat(reject.getStage()).isEqualTo(RejectStage.DECODE);
  }

  @Test
  void aBrokenImageIsRejected() {
    byte[] png = harness.png(0).clone();
    Arrays.fill(png, 45, png.length, (byte) 0x55);

    assertThat(onlyReject(harness.tag(harness.event("e1", png))).getReason())
        .isEqualTo(RejectReason.UNDECODABLE_IMAGE);
  }

  @Test
  void aFileThatNobodyAllowedIsRejected() {
    ImageSource source = ImageSource.newBuilder().setUri("file:///etc/passwd").build();

    assertThat(onlyReject(harness.tag(harness.event("e1").setSource(source))).getReason())
        .isEqualTo(RejectReason.SOURCE_NOT_ALLOWED);
  }

  @Test
  void aSourceThatDoesNotAnswerIsRejectedAtItsDeadline() {
    harness.stallSources();
    ImageSource source = ImageSource.newBuilder().setUri("file:///tmp/any").build();

    assertThat(onlyReject(harness.tag(harness.event("e1").setSource(source))).getReason())
        .isEqualTo(RejectReason.SOURCE_TIMEOUT);
  }

  @Test
  void anImageTheModelCannotTakeIsRejectedWhileOthersAreNot() {
    List<Output> bad = harness.tag(harness.event("bad", harness.png(TaggerHarness.POISON)));

    assertThat(onlyReject(bad).getReason()).isEqualTo(RejectReason.MODEL_REJECTED_IMAGE);
    assertThat(harness.tag(harness.event("good"))).hasSize(2);
  }

  @Test
  void anEventDroppedBeforeItsTurnNeverReachesTheDevice() {
    CountDownLatch release = harness.holdDecoders();
    List<CompletableFuture<List<Output>>> dropped =
        IntStream.range(0, 20).mapToObj(i -> harness.start(harness.event("dropped-" + i))).toList();
    CompletableFuture<List<Output>> last = harness.start(harness.event("wanted"));
    dropped.forEach(answer -> answer.cancel(false));
    release.countDown();

    assertThat(last).succeedsWithin(TaggerHarness.SOON);
    assertThat(harness.imagesOnDevice()).isEqualTo(1);
  }

  @Test
  void aBrokenDeviceRejectsNothing() {
    harness.breakDevice();

    assertThat(harness.start(harness.event("e1")))
        .failsWithin(TaggerHarness.SOON)
        .withThrowableThat()
        .withStackTraceContaining(DeviceFailedException.class.getName());
  }

  @Test
  void aRegistryOutOfReachRejectsNothing() {
    assertThat(harness.startWithoutRegistry(harness.event("e1")))
        .failsWithin(TaggerHarness.SOON)
        .withThrowableThat()
        .withStackTraceContaining(RegistryUnavailableException.class.getName());
  }

  @Test
  void aResultTooLargeForItsTopicBecomesARejectThatFits() {
    harness.limitRecordsTo(70_000);

    RejectedImage reject =
        onlyReject(harness.tag(harness.event("e1").setLabelSets(List.of("huge"))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.RESULT_TOO_LARGE);
    assertThat(reject.getEventSha256()).hasSize(64);
  }

  @Test
  void aRejectOfALargeEventKeepsTheBytesThatFitAndSaysSo() {
    harness.limitRecordsTo(70_000);

    RejectedImage reject = onlyReject(harness.tag(harness.record(new byte[80_000])));

    assertThat(reject.getEventTruncated()).isTrue();
    assertThat(reject.getEventBytes().remaining()).isBetween(1, 10_000);
    assertThat(reject.getEventSizeBytes()).isEqualTo(80_000);
  }

  @Test
  void aRejectLeavesOutHeadersThatCouldNotBeWrittenAgain() {
    harness.limitRecordsTo(1 << 17);
    InputRecord large = harness.record(new byte[] {9});
    large.headers().add("baggage", new byte[120_000]);

    Output output = harness.tag(large).get(0);

    assertThat(output.headers().lastHeader("baggage")).isNull();
    assertThat(output.key()).isEqualTo(large.key());
    assertThat(header(output, TagstreamHeaders.ORIGIN)).isEqualTo("image-events-3@42");
    assertThat(onlyReject(List.of(output)).getDetail()).contains("bytes of headers are left out");
  }

  @Test
  void aRejectLeavesOutAKeyThatCouldNotBeWrittenAgain() {
    harness.limitRecordsTo(1 << 17);
    byte[] event = harness.bytes(harness.event("e1").build());

    Output output = harness.tag(harness.record(event).withKey(new byte[130_000])).get(0);

    assertThat(output.key() == null).as("key left out").isTrue();
    RejectedImage reject = onlyReject(List.of(output));
    assertThat(reject.getReason()).isEqualTo(RejectReason.RESULT_TOO_LARGE);
    assertThat(reject.getDetail()).contains("bytes of key and headers are left out");
    assertThat(reject.getEventId()).isEqualTo("e1");
  }

  @Test
  void eventBytesAreKeptOutOfRejectsWherePrivacyAsksForIt() {
    harness.keepNoEventBytes();

    RejectedImage reject = onlyReject(harness.tag(harness.record(new byte[] {9})));

    assertThat(reject.getEventBytes()).isNull();
    assertThat(reject.getEventSizeBytes()).isEqualTo(1);
  }
}
