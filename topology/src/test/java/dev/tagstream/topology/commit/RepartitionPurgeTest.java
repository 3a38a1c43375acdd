package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.awaitPolls;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.AsyncBatchProcessor;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.OriginPartitioner;
import dev.tagstream.topology.batch.StandInTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A repartition topic in front of the processor keeps what would be read again. */
@Timeout(120)
final class RepartitionPurgeTest {

  /** A repartition drops records without a key. */
  private static final byte[] KEY = {1};

  private static final String REPARTITION = RealBroker.GROUP + "-before-repartition";

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
  void aRepartitionTopicIsPurgedNoFurtherThanTheFinishedPrefix() throws Exception {
    tagging.hold(RepartitionPurgeTest::isEvent4);
    broker.publish(0, 10, KEY);
    KafkaStreams streams =
        broker.application(
            EXACTLY_ONCE,
            behindRepartition(),
            new ReplacementLimit(0, Duration.ofMinutes(1)),
            Map.of("repartition.purge.interval.ms", 50),
            LaggingCommit.clientSupplier());
    await(() -> tagging.started() == 10 && tagging.heldOffset() >= 4);
    long held = tagging.heldOffset();
    await(() -> broker.beginning(REPARTITION) == held);
    awaitPolls(streams, 100);
    assertThat(broker.beginning(REPARTITION)).isEqualTo(held);
    tagging.releaseAll();
    await(() -> broker.origins(0).size() == 10 && broker.beginning(REPARTITION) > held + 5);
    assertThat(broker.origins(0)).doesNotHaveDuplicates();
  }

  @Test
  void theControlWithoutClampingPurgesWhatIsStillHeldBack() throws Exception {
    tagging.hold(RepartitionPurgeTest::isEvent4);
    broker.publish(0, 10, KEY);
    broker.application(
        EXACTLY_ONCE,
        behindRepartition(),
        new ReplacementLimit(0, Duration.ofMinutes(1)),
        Map.of("repartition.purge.interval.ms", 50),
        ControlClients.withoutLowering());
    await(() -> tagging.started() == 10 && tagging.heldOffset() >= 4);
    long held = tagging.heldOffset();
    await(() -> broker.beginning(REPARTITION) > held);
    assertThat(broker.origins(0)).hasSizeLessThanOrEqualTo(4);
  }

  private static boolean isEvent4(InputRecord record) {
    return Arrays.equals(record.value(), "event 4".getBytes(UTF_8));
  }

  private Topology behindRepartition() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(StandInTopology.INPUT, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .repartition(
            Repartitioned.with(Serdes.ByteArray(), Serdes.ByteArray())
                .withName("before")
                .withNumberOfPartitions(1))
        .process(AsyncBatchProcessor.supplier(tagging, ROOMY), Named.as("tag"));
    return builder
        .build()
        .addSink(
            "labels",
            "labels",
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            new OriginPartitioner(),
            "tag");
  }
}
