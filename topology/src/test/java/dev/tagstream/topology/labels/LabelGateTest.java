package dev.tagstream.topology.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.topology.config.ConfigLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelGateTest {
  private static final String TOPIC = "label-sets";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  @TempDir Path folder = Path.of("");
  private LabelGate gate = gate(Map.of());

  @BeforeEach
  void refuseWeapons() throws IOException {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            "kinds: [{name: weapons, action: refuse, reason: ours, words: [gun]}]");
    gate = gate(Map.of("labels.policy", policy.toString()));
  }

  @Test
  void aRefusedSetFromTheTopicLeavesTheLastGoodOneInForceAndTheReaderAlive() throws Exception {
    LabelSets sets =
        new LabelSets(new LabelCompiler(texts -> new float[texts.size()][1], 1f, 10), List.of());
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(TOPIC, List.of(partition()));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 3L));
    consumer.schedulePollTask(
        () -> {
          consumer.addRecord(set(0, "pets", "{name: pets, version: good, labels: [cat]}"));
          consumer.addRecord(set(1, "pets", "{name: pets, version: bad, labels: [cat, a gun]}"));
          consumer.addRecord(set(2, "later", "{name: later, version: good, labels: [dog]}"));
        });

    try (LabelTopic topic = new LabelTopic(consumer, TOPIC, this::decode, sets)) {
      topic.start().get(30, TimeUnit.SECONDS);
    }

    assertThat(Objects.requireNonNull(sets.current().find("pets")).labelSet().version())
        .isEqualTo("good");
    assertThat(sets.current().find("later")).isNotNull();
  }

  @Test
  void aRefusedSetOfTheConfigurationIsAClearError() {
    LabelSet set = LabelSetYaml.parse("{name: pets, labels: [a gun]}");

    assertThatThrownBy(() -> gate.admit(set))
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContainingAll("'pets'", "'a gun'", "'weapons'", "labels.policy");
  }

  @Test
  void theDefaultWarnsAndLetsIn() {
    LabelSet set = LabelSetYaml.parse("{name: people, labels: [a suspect]}");

    assertThat(gate(Map.of()).admit(set)).isSameAs(set);
    assertThat(gate(Map.of("labels.policy", "none")).admit(set)).isSameAs(set);
  }

  private LabelSet decode(byte[] value) {
    return gate.admit(LabelSetYaml.parse(new String(value, StandardCharsets.UTF_8)));
  }

  private static LabelGate gate(Map<String, String> settings) {
    return LabelGate.of(ConfigLoader.defaults(settings).labels());
  }

  private static PartitionInfo partition() {
    Node node = new Node(0, "localhost", 9092);
    return new PartitionInfo(TOPIC, 0, node, new Node[] {node}, new Node[] {node});
  }

  private static ConsumerRecord<byte[], byte[]> set(long offset, String name, String yaml) {
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        name.getBytes(StandardCharsets.UTF_8),
        yaml.getBytes(StandardCharsets.UTF_8));
  }
}
