package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
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

/** Faults of the machine and of the broker: threads are replaced, tasks revived, nothing lost. */
@Timeout(120)
final class FaultRecoveryTest {

  private static final String INPUT = StandInTopology.INPUT;

  private static final Map<String, Object> SHORT_TIME_OUTS =
      Map.of(
          "producer.request.timeout.ms", 500,
          "producer.delivery.timeout.ms", 1_000,
          "producer.linger.ms", 0,
          "producer.max.block.ms", 1_000,
          "producer.transaction.timeout.ms", 3_000,
          "consumer.default.api.timeout.ms", 1_500);

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
  void aFaultOfTheMachineCostsAThreadAndNoRecord(ProcessingGuarantee guarantee) throws Exception {
    ReplacementLimit replacements = new ReplacementLimit(3, Duration.ofMinutes(1));
    tagging.fail(record -> record.offset() == 7 && replacements.replaced() < 2);
    broker.publish(0, 10);
    broker.publish(1, 5);
    broker.application(
        guarantee,
        StandInTopology.of(tagging, ROOMY),
        replacements,
        Map.of(),
        LaggingCommit.clientSupplier());
    await(() -> broker.committed(INPUT, 0) == 10 && broker.committed(INPUT, 1) == 5);
    await(() -> broker.origins(0).contains("0@9"));
    assertThat(replacements.replaced()).isEqualTo(2);
    if (guarantee == EXACTLY_ONCE) {
      assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 10));
      assertThat(broker.origins(1)).isEqualTo(expectedOrigins(1, 5));
    } else {
      assertThat(broker.origins(0)).containsAll(expectedOrigins(0, 10));
    }
  }

  @ParameterizedTest
  @EnumSource(ProcessingGuarantee.class)
  void anOutageLongerThanTheDeliveryTimeOutLosesNothing(ProcessingGuarantee guarantee)
      throws Exception {
    ReplacementLimit replacements = new ReplacementLimit(1_000, Duration.ofMinutes(1));
    tagging.hold(record -> record.offset() >= 50);
    broker.publish(0, 100);
    broker.publish(1, 100);
    broker.application(
        guarantee,
        StandInTopology.of(tagging, ROOMY),
        replacements,
        SHORT_TIME_OUTS,
        LaggingCommit.clientSupplier());
    await(() -> broker.committed(INPUT, 0) == 50 && tagging.started() == 200);
    broker.suspend();
    tagging.releaseAll();
    await(() -> replacements.replaced() > 0);
    broker.resume();
    await(() -> broker.committed(INPUT, 0) == 100 && broker.committed(INPUT, 1) == 100);
    await(() -> broker.origins(0).contains("0@99") && broker.origins(1).contains("1@99"));
    if (guarantee == EXACTLY_ONCE) {
      assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 100));
      assertThat(broker.origins(1)).isEqualTo(expectedOrigins(1, 100));
    } else {
      assertThat(broker.origins(0)).containsAll(expectedOrigins(0, 100));
      assertThat(broker.origins(1)).containsAll(expectedOrigins(1, 100));
    }
  }

  @Test
  void aResultThatCanNeverBeProducedStopsTheApplicationInsteadOfGoingRoundForEver()
      throws Exception {
    ReplacementLimit replacements = new ReplacementLimit(2, Duration.ofMinutes(1));
    tagging.resultsOf(2_000);
    broker.publish(0, 3);
    KafkaStreams streams =
        broker.application(
            EXACTLY_ONCE,
            StandInTopology.of(tagging, ROOMY),
            replacements,
            Map.of("producer.max.request.size", 1_000),
            LaggingCommit.clientSupplier());
    await(() -> streams.state() == KafkaStreams.State.ERROR);
    assertThat(replacements.replaced()).isEqualTo(2);
    assertThat(replacements.reasonToStop().orElseThrow()).hasStackTraceContaining("RecordTooLarge");
    assertThat(broker.origins(0)).isEmpty();
  }
}
