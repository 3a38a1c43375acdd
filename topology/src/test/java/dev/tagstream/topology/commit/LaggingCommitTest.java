package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.awaitPolls;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
import static dev.tagstream.topology.commit.RealBroker.metric;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.StandInTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the broker knows while work is in flight, and what the next owner makes of it. */
@Timeout(120)
final class LaggingCommitTest {

  private static final String INPUT = StandInTopology.INPUT;

  private final HeldTagging tagging = new HeldTagging();
  private RealBroker broker;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    broker = new RealBroker(folder, 2);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(ProcessingGuarantee.class)
  void theCommittedOffsetIsTheFinishedPrefixWhileAResultIsHeldBack(ProcessingGuarantee guarantee)
      throws Exception {
    tagging.hold(record -> record.partition() == 0 && record.offset() == 4);
    broker.publish(0, 10);
    broker.publish(1, 10);
    KafkaStreams streams = broker.application(guarantee, tagging, ROOMY);
    await(() -> broker.committed(INPUT, 1) == 10);
    await(() -> broker.committed(INPUT, 0) == 4);
    awaitPolls(streams, 50);
    assertThat(broker.committed(INPUT, 0)).isEqualTo(4);
    await(() -> broker.origins(0).size() == 4);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 4));
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 10);
    await(() -> broker.origins(0).size() == 10);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 10));
    assertThat(broker.origins(1)).isEqualTo(expectedOrigins(1, 10));
  }

  @Test
  void theControlWithoutLoweringCommitsWhatIsStillHeldBack() throws Exception {
    tagging.hold(record -> record.offset() == 4);
    broker.publish(0, 10);
    broker.application(
        EXACTLY_ONCE,
        StandInTopology.of(tagging, ROOMY),
        new ReplacementLimit(0, Duration.ofMinutes(1)),
        Map.of(),
        ControlClients.withoutLowering());
    await(() -> broker.committed(INPUT, 0) == 10);
    await(() -> broker.origins(0).size() == 4);
  }

  @Test
  void theStreamsGroupProtocolWorksWithExactlyOnce() throws Exception {
    tagging.hold(record -> record.partition() == 0 && record.offset() == 4);
    broker.publish(0, 10);
    broker.application(
        EXACTLY_ONCE,
        StandInTopology.of(tagging, ROOMY),
        new ReplacementLimit(0, Duration.ofMinutes(1)),
        Map.of("group.protocol", "streams"),
        LaggingCommit.clientSupplier());
    await(() -> broker.committed(INPUT, 0) == 4);
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 10);
    await(() -> broker.origins(0).size() == 10);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 10));
  }

  @ParameterizedTest
  @EnumSource(ProcessingGuarantee.class)
  void whatWasPendingAtACleanCloseIsReadAgainByTheNextOwner(ProcessingGuarantee guarantee)
      throws Exception {
    tagging.hold(record -> record.offset() == 4);
    broker.publish(0, 10);
    KafkaStreams first = broker.application(guarantee, tagging, ROOMY);
    await(() -> tagging.started() == 10);
    first.close();
    assertThat(broker.committed(INPUT, 0)).isEqualTo(4);
    tagging.releaseAll();
    broker.application(guarantee, tagging, ROOMY);
    await(() -> broker.committed(INPUT, 0) == 10);
    await(() -> broker.origins(0).size() == 10);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 10));
  }

  @Test
  void aPartitionThatMovesToASecondInstanceWithWorkPendingIsFinishedThere() throws Exception {
    tagging.hold(record -> record.offset() == 4);
    broker.publish(0, 10);
    broker.publish(1, 10);
    broker.application(EXACTLY_ONCE, tagging, ROOMY);
    await(() -> tagging.started() == 20);
    HeldTagging second = new HeldTagging();
    broker.application(EXACTLY_ONCE, second, ROOMY);
    await(() -> second.started() > 0);
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 10 && broker.committed(INPUT, 1) == 10);
    await(() -> broker.origins(0).size() + broker.origins(1).size() >= 20);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 10));
    assertThat(broker.origins(1)).isEqualTo(expectedOrigins(1, 10));
  }

  @Test
  void aCommitWithNothingNewlyFinishedWritesNothing() throws Exception {
    tagging.hold(record -> record.offset() == 4);
    broker.publish(0, 10);
    KafkaStreams streams = broker.application(EXACTLY_ONCE, tagging, ROOMY);
    await(() -> broker.committed(INPUT, 0) == 4);
    awaitCommits(streams, 2);
    long written = broker.transactionLogEnd();
    awaitCommits(streams, 5);
    assertThat(broker.transactionLogEnd()).isEqualTo(written);
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 10);
    assertThat(broker.transactionLogEnd()).isGreaterThan(written);
  }

  private static void awaitCommits(KafkaStreams streams, int commits) throws Exception {
    double start = metric(streams, "commit-total");
    await(() -> metric(streams, "commit-total") >= start + commits);
  }

  @Test
  void anIdleTaskStopsCommitting() throws Exception {
    broker.publish(0, 10);
    KafkaStreams streams = broker.application(EXACTLY_ONCE, tagging, ROOMY);
    await(() -> broker.committed(INPUT, 0) == 10);
    awaitPolls(streams, 3);
    double commits = metric(streams, "commit-total");
    awaitPolls(streams, 5);
    assertThat(commits).isPositive();
    assertThat(metric(streams, "commit-total")).isEqualTo(commits);
  }
}
