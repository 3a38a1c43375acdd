package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.AT_LEAST_ONCE;
import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.StandInTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream thread that failed leaves the group. Sessions last ten minutes here: one that stayed
 * would keep its partition for longer than the test lasts.
 */
@Timeout(120)
final class FailedThreadTest {
  private static final String SESSION_MILLIS = "600000";
  private static final int EVENTS = 10;

  private final ReplacementLimit replacements = new ReplacementLimit(3, Duration.ofMinutes(1));
  private final HeldTagging tagging = new HeldTagging();
  private RealBroker broker;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    broker =
        new RealBroker(
            folder,
            1,
            Map.of(
                "group.streams.session.timeout.ms", SESSION_MILLIS,
                "group.streams.max.session.timeout.ms", SESSION_MILLIS));
    tagging.fail(event -> event.offset() == 7 && replacements.replaced() == 0);
    broker.publish(0, EVENTS);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void itsReplacementTakesThePartitionAtOnceAndWritesWhatIsLeftOnce() throws Exception {
    application(EXACTLY_ONCE, Map.of());

    assertEveryEventIsAnswered();
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, EVENTS));
  }

  @Test
  void soDoesThatOfAStaticMember() throws Exception {
    application(EXACTLY_ONCE, Map.of("group.instance.id", "pod-0"));

    assertEveryEventIsAnswered();
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, EVENTS));
  }

  @Test
  void soItIsWithTheStreamsProtocol() throws Exception {
    application(EXACTLY_ONCE, Map.of("group.protocol", "streams"));

    assertEveryEventIsAnswered();
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, EVENTS));
  }

  @Test
  void soItIsAtLeastOnce() throws Exception {
    application(AT_LEAST_ONCE, Map.of());

    assertEveryEventIsAnswered();
    assertThat(broker.origins(0)).containsAll(expectedOrigins(0, EVENTS));
  }

  private void assertEveryEventIsAnswered() throws Exception {
    await(() -> broker.committed(StandInTopology.INPUT, 0) == EVENTS);
    await(() -> broker.origins(0).contains("0@9"));
    assertThat(replacements.replaced()).isEqualTo(1);
  }

  private void application(ProcessingGuarantee guarantee, Map<String, Object> membership) {
    Map<String, Object> settings = new HashMap<>(membership);
    settings.put("session.timeout.ms", SESSION_MILLIS);
    broker.application(
        guarantee,
        StandInTopology.of(tagging, ROOMY),
        replacements,
        settings,
        LaggingCommit.clientSupplier());
  }
}
