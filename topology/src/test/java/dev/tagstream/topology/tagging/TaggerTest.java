package dev.tagstream.topology.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.DeviceFailedException;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaggerTest {
  private final TaggerHarness harness = new TaggerHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void anEventBecomesOneEmbeddingAndOneLabelsRecordForEachSetItNames() {
    List<Output> outputs =
        harness.tag(TestEvents.event("e1").setLabelSets(List.of("pets", "default")));

    assertThat(outputs)
        .extracting(Output::sink)
        .containsExactly(Sinks.EMBEDDINGS, Sinks.LABELS, Sinks.LABELS);
    ImageEmbedding embedding = harness.decode(ImageEmbedding.class, outputs.get(0));
    assertThat(embedding.getVector()).containsExactly(0f, 1f);
    assertThat(embedding.getEventId()).isEqualTo("e1");
    assertThat(embedding.getImage().getFormat()).isEqualTo(ImageFormat.PNG);
    assertThat(embedding.getImage().getWidth()).isEqualTo(TestEvents.WIDTH);
    assertThat(embedding.getImage().getHeight()).isEqualTo(TestEvents.HEIGHT);
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
        List.of(TestEvents.event("tagged"), TestEvents.event("rejected", new byte[] {1, 2, 3}))) {
      InputRecord record = TestEvents.record(harness.bytes(event.build()));
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
              assertThat(TaggerHarness.header(result, "traceparent")).isEqualTo(parent);
              assertThat(TaggerHarness.header(result, "tracestate"))
                  .isEqualTo("vendor=t61rcWkgMzE");
            });
  }

  @Test
  void everyResultSaysWhereItCameFromAndWhatMadeIt() {
    List<Output> outputs = harness.tag(TestEvents.event("e1").setAttributes(Map.of("shop", "7")));

    ImageEmbedding embedding = harness.decode(ImageEmbedding.class, outputs.get(0));
    assertThat(embedding.getOrigin().getTopic()).isEqualTo(TestEvents.TOPIC);
    assertThat(embedding.getOrigin().getPartition()).isEqualTo(3);
    assertThat(embedding.getOrigin().getOffset()).isEqualTo(42);
    assertThat(embedding.getModel()).isEqualTo(TaggerHarness.MODEL);
    assertThat(embedding.getAttributes()).containsExactly(Map.entry("shop", "7"));
    assertThat(embedding.getOccurredAt()).isEqualTo(Instant.ofEpochMilli(1_000));
    for (Output output : outputs) {
      assertThat(TaggerHarness.header(output, TagstreamHeaders.ORIGIN))
          .isEqualTo("image-events-3@42");
      assertThat(TaggerHarness.header(output, TagstreamHeaders.EMBEDDING_SPACE))
          .isEqualTo("abc/2/p1");
      assertThat(TaggerHarness.header(output, "trace")).isEqualTo("t-1");
    }
    assertThat(TaggerHarness.header(outputs.get(1), TagstreamHeaders.LABEL_SET_VERSION))
        .isEqualTo("1");
  }

  @Test
  void anEventThatNamesNoSetGetsAnEmbeddingOnly() {
    assertThat(harness.tag(TestEvents.event("e1").setLabelSets(List.of())))
        .extracting(Output::sink)
        .containsExactly(Sinks.EMBEDDINGS);
  }

  @Test
  void aSetNamedTwiceIsAnsweredOnce() {
    assertThat(harness.tag(TestEvents.event("e1").setLabelSets(List.of("pets", "pets"))))
        .hasSize(2);
  }

  @Test
  void anEventDroppedBeforeItsTurnNeverReachesTheDevice() {
    CountDownLatch release = harness.holdDecoders();
    List<CompletableFuture<List<Output>>> dropped =
        IntStream.range(0, 20)
            .mapToObj(i -> harness.start(TestEvents.event("dropped-" + i)))
            .toList();
    CompletableFuture<List<Output>> last = harness.start(TestEvents.event("wanted"));
    dropped.forEach(answer -> answer.cancel(false));
    release.countDown();

    assertThat(last).succeedsWithin(TaggerHarness.SOON);
    assertThat(harness.imagesOnDevice()).isEqualTo(1);
  }

  @Test
  void aBrokenDeviceRejectsNothing() {
    harness.breakDevice();

    assertThat(harness.start(TestEvents.event("e1")))
        .failsWithin(TaggerHarness.SOON)
        .withThrowableThat()
        .withStackTraceContaining(DeviceFailedException.class.getName());
  }

  @Test
  void aRegistryOutOfReachRejectsNothing() {
    assertThat(harness.startWithoutRegistry(TestEvents.event("e1")))
        .failsWithin(TaggerHarness.SOON)
        .withThrowableThat()
        .withStackTraceContaining(RegistryUnavailableException.class.getName());
  }
}
