package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicsCommandTest {
  private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary());

  @AfterAll
  void stop() {
    broker.close();
  }

  @Test
  void createMakesAllFiveTopicsAsConfiguredAndShowsThem() throws Exception {
    String[] settings = {
      "--set",
      "topics.partitions=3",
      "--set",
      "topics.resultRetention=unlimited",
      "--set",
      "limits.maxEventBytes=2MiB"
    };

    CliRun create = run("create", "a", Stream.concat(Stream.of("--json"), Stream.of(settings)));

    assertThat(create.exitCode()).as(create.err()).isZero();
    List<JsonNode> topics = new ArrayList<>();
    for (String line : create.out().lines().toList()) {
      topics.add(new ObjectMapper().readTree(line));
    }
    assertThat(topics)
        .extracting(topic -> topic.get("topic").asText())
        .containsExactly(
            "a-image-events",
            "a-image-embeddings",
            "a-image-labels",
            "a-image-rejects",
            "a-label-sets");
    assertThat(topics)
        .extracting(topic -> topic.get("partitions").asInt())
        .containsExactly(3, 3, 3, 3, 1);
    assertThat(topics)
        .extracting(topic -> topic.get("cleanupPolicy").asText())
        .containsExactly("delete", "delete", "delete", "delete", "compact");
    assertThat(topics)
        .extracting(topic -> topic.get("maxMessageBytes").asLong())
        .containsOnly(2L << 20);
    assertThat(topics.get(1).get("retentionMs").asLong()).isEqualTo(-1);
    assertThat(topics.get(0).get("compression").asText()).isEqualTo("uncompressed");
  }

  @Test
  void createLeavesTopicsThatExistAsTheyAre() {
    run("create", "b", Stream.empty());

    CliRun again = run("create", "b", Stream.of("--set", "topics.partitions=9"));

    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).doesNotContain("created");
    assertThat(again.out()).contains("b-image-events").doesNotContain(" 9 ");
  }

  @Test
  void unequalPartitionCountsAndMissingTopicsAreFailures() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("c-image-events", 4, (short) 1),
                  new NewTopic("c-image-labels", 2, (short) 1),
                  new NewTopic("c-label-sets", 1, (short) 1)))
          .all()
          .get();
    }

    CliRun show = run("show", "c", Stream.of("--set", "limits.maxEventBytes=16MiB"));

    assertThat(show.exitCode()).isEqualTo(1);
    assertThat(show.err())
        .contains("c-image-labels has 2 partitions and c-image-events has 4")
        .contains("c-image-rejects does not exist")
        .contains("c-label-sets is not compacted")
        .contains("limits.maxEventBytes is 16777216");
  }

  @Test
  void theBrokerRefusesAnEventThatIsOnlySmallWhileCompressed() {
    run("create", "d", Stream.of("--set", "limits.maxEventBytes=1MiB"));
    byte[] bomb = new byte[64 << 20];

    Map<String, Object> anyPublisher =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "compression.type",
            "zstd",
            "max.request.size",
            128 << 20,
            "buffer.memory",
            128L << 20);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(anyPublisher, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("d-image-events", bomb)).get())
          .hasCauseInstanceOf(RecordTooLargeException.class);
      // The control: a topic that stores what comes takes it.
      assertThat(producer.send(new ProducerRecord<>("d-image-labels", bomb)))
          .succeedsWithin(Duration.ofSeconds(30));
    }
  }

  private CliRun run(String command, String prefix, Stream<String> more) {
    Stream<String> names =
        Stream.of(
            "--set", "kafka.bootstrap.servers=" + broker.bootstrapServers(),
            "--set", "topics.events=" + prefix + "-image-events",
            "--set", "topics.embeddings=" + prefix + "-image-embeddings",
            "--set", "topics.labels=" + prefix + "-image-labels",
            "--set", "topics.rejects=" + prefix + "-image-rejects",
            "--set", "topics.labelSets=" + prefix + "-label-sets");
    return CliRun.of(
        Stream.of(Stream.of("topics", command), names, more)
            .flatMap(part -> part)
            .toArray(String[]::new));
  }
}
