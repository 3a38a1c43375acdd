package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.AT_LEAST_ONCE;
import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.batch.StandInTopology;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much one task may have in flight, and what happens when that much is. */
@Timeout(120)
final class BackpressureTest {

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

  @Test
  void aSlowHeadLetsInNoMoreThanTheLimitBehindIt() throws Exception {
    tagging.hold(record -> record.offset() == 0);
    broker.publish(0, 60);
    broker.application(
        EXACTLY_ONCE, tagging, new PendingLimits(20, 1 << 20, Duration.ofMinutes(1)));
    await(() -> tagging.started() == 20);
    // The stream thread now waits inside process(); a limit that did not hold would let it run on.
    assertThat(tagging.started()).isEqualTo(20);
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 60);
    await(() -> broker.origins(0).size() == 60);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 60));
  }

  @Test
  void noMoreRecordsThanTheLimitAreEverInFlight() throws Exception {
    tagging.hold(record -> true);
    broker.publish(0, 100);
    broker.application(EXACTLY_ONCE, tagging, new PendingLimits(7, 1 << 20, Duration.ofMinutes(1)));
    await(
        () -> {
          tagging.releaseOne();
          return broker.origins(0).size() == 100;
        });
    assertThat(tagging.mostHeld()).isEqualTo(7);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 100));
  }

  @Test
  void aThreadThatWaitedItsTimeCommitsAndGoesOn() throws Exception {
    tagging.hold(record -> record.partition() == 0 && record.offset() == 3);
    broker.publish(0, 4);
    KafkaStreams streams =
        broker.application(
            AT_LEAST_ONCE, tagging, new PendingLimits(1, 1 << 20, Duration.ofMillis(200)));
    await(() -> broker.committed(INPUT, 0) == 3);
    broker.publish(1, 30);
    // Partition 1 has room of its own: its results come though partition 0 is full.
    await(() -> broker.origins(1).size() == 30);
    tagging.releaseAll();
    await(() -> broker.committed(INPUT, 0) == 4);
    assertThat(streams.state().isRunningOrRebalancing()).isTrue();
  }
}
