package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.Scoring;
import dev.tagstream.topology.demo.DemoPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application as a whole, on a real broker, with a real (small, random) checkpoint. */
@Timeout(180)
class MainJobTest {
  private static final List<byte[]> PICTURES =
      DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList();

  private static MainJobPlatform platform;

  @BeforeAll
  static void start() throws Exception {
    platform = MainJobPlatform.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly_once", "at_least_once"})
  void everyEventIsAnsweredOnceAndInOrderOnItsOwnPartition(String guarantee) {
    MainJob job = platform.job("order-" + guarantee, "processing.guarantee", guarantee);
    int events = 90;
    for (int i = 0; i < events; i++) {
      byte[] picture = PICTURES.get(i % PICTURES.size());
      switch (i % 9) {
        case 3 -> job.publish(new byte[] {1, 2, 3});
        case 5 -> job.publish(null);
        case 7 -> job.publish(job.event("e" + i, new byte[] {(byte) 0xff, (byte) 0xd8, 0}));
        default -> job.publish(job.event("e" + i, picture));
      }
    }

    try (TagstreamApplication application = job.start()) {
      List<ConsumerRecord<byte[], byte[]>> results = job.results(events);

      job.assertEachOffsetAnsweredOnceInOrder(events, results);
      assertThat(results).filteredOn(r -> r.topic().equals(job.rejects())).hasSize(30);
      assertThat(application.failure()).isEmpty();
    }
  }

  @Test
  void aResultCarriesTheVectorTheLabelsAndTheKeyOfItsEvent() throws Exception {
    MainJob job = platform.job("content");
    job.publish(job.event("one", PICTURES.get(0)));

    try (TagstreamApplication application = job.start()) {
      List<ConsumerRecord<byte[], byte[]>> results = job.results(1);
      ImageEmbedding embedding = job.decode(ImageEmbedding.class, results, job.embeddings()).get(0);
      ImageLabels labels = job.decode(ImageLabels.class, results, job.labels()).get(0);

      float[] expected = application.model().embedImage(PICTURES.get(0));
      assertThat(embedding.getVector()).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(embedding.getVector().get(i))
            .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(1e-4f));
      }
      assertThat(embedding.getModel().getWeightsSha256())
          .isEqualTo(application.model().checkpoint().weightsSha256());
      assertThat(labels.getLabels()).extracting(ScoredLabel::getName).containsOnlyOnce("dog");
      assertThat(results).allSatisfy(r -> assertThat(r.key()).isEqualTo(new byte[] {0}));
    }
  }

  @Test
  void aLabelSetPublishedWhileRunningTagsTheEventsThatNameIt() throws Exception {
    MainJob job = platform.job("labels");
    LabelSet pets =
        new LabelSet("pets", "v7", List.of(Label.of("goldfish")), List.of(), Scoring.SOFTMAX, 3);

    try (TagstreamApplication application = job.start()) {
      job.publish(job.event("before", PICTURES.get(0), "pets"));
      RejectedImage reject = job.decode(RejectedImage.class, job.results(1), job.rejects()).get(0);
      job.apply(pets);
      job.awaitLabelSet(application, "pets");
      job.publish(job.event("after", PICTURES.get(0), "pets"));
      ImageLabels labels = job.decode(ImageLabels.class, job.results(2), job.labels()).get(0);

      assertThat(reject.getReason()).isEqualTo(RejectReason.UNKNOWN_LABEL_SET);
      assertThat(labels.getEventId()).isEqualTo("after");
      assertThat(labels.getLabelSetVersion()).isEqualTo("v7");
      assertThat(labels.getLabels()).extracting(ScoredLabel::getId).containsExactly("goldfish");
    }
  }

  @Test
  void aStoppedApplicationGoesOnWhereItStopped() {
    MainJob job = platform.job("restart");
    int events = 60;
    for (int i = 0; i < events; i++) {
      job.publish(job.event("e" + i, PICTURES.get(i % PICTURES.size())));
    }

    TagstreamApplication first = job.start();
    job.results(5);
    first.close();
    try (TagstreamApplication second = job.start()) {
      job.assertEachOffsetAnsweredOnceInOrder(events, job.results(events));
      assertThat(second.failure()).isEmpty();
    }
  }

  @Test
  void twoInstancesShareThePartitionsAndAnswerEachEventOnce() {
    MainJob job = platform.job("two");
    int events = 60;

    try (TagstreamApplication one = job.start();
        TagstreamApplication two = job.start()) {
      for (int i = 0; i < events; i++) {
        job.publish(job.event("e" + i, PICTURES.get(i % PICTURES.size())));
      }
      job.assertEachOffsetAnsweredOnceInOrder(events, job.results(events));
      assertThat(one.failure()).isEmpty();
      assertThat(two.failure()).isEmpty();
    }
  }

  @Test
  void missingTopicsAreNamedBeforeAnythingRuns() {
    MainJob job = platform.jobWithoutTopics("no-topics");

    assertThatThrownBy(job::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(job.embeddings())
        .hasMessageContaining("tagstream topics create");
  }

  @Test
  void brokersThatDoNotAnswerAreNamedBeforeAnythingRuns() {
    MainJob job =
        platform.jobWithoutTopics(
            "no-broker",
            "kafka.bootstrap.servers",
            "127.0.0.1:1",
            "kafka.request.timeout.ms",
            "500",
            "kafka.default.api.timeout.ms",
            "500");

    assertThatThrownBy(job::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("No broker answers at 127.0.0.1:1");
  }

  @Test
  void missingSchemasAreNamedBeforeAnythingRuns() {
    MainJob job = platform.jobWithoutSchemas("no-schemas");

    assertThatThrownBy(job::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(job.embeddings() + "-value")
        .hasMessageContaining("tagstream schemas register");
  }

  @Test
  void theTopologyHoldsNothingThatAReplayWouldRepeat() {
    Set<String> problems =
        new TreeSet<>(
            dev.tagstream.topology.commit.TopologyPreconditions.check(
                TaggingTopology.build(
                        platform.job("shape").config().topics(),
                        record -> new java.util.concurrent.CompletableFuture<>(),
                        new dev.tagstream.topology.batch.PendingLimits(
                            1, 1, java.time.Duration.ofSeconds(1)))
                    .describe(),
                "tag"));

    assertThat(new ArrayList<>(problems)).isEmpty();
  }
}
