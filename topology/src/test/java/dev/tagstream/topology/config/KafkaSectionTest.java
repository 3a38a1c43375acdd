package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may stand in the open section {@code kafka}. */
class KafkaSectionTest {
  @TempDir Path folder;
  private YamlFile yaml;

  @BeforeEach
  void yaml() {
    yaml = new YamlFile(folder);
  }

  @Test
  void kafkaSettingsPassThroughFromFileAndEnvironment() {
    Path file =
        yaml.write(
            """
            kafka:
              security.protocol: SASL_SSL
              ssl: {truststore: {location: /etc/trust.p12}}
            """);

    TagstreamConfig config =
        ConfigLoader.load(
                Optional.of(file),
                Map.of(
                    "TAGSTREAM_KAFKA_BOOTSTRAP_SERVERS", "one:9092,two:9092",
                    "TAGSTREAM_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO", "ann:pw"),
                Map.of())
            .config();

    assertThat(config.kafka())
        .containsEntry("bootstrap.servers", "one:9092,two:9092")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("ssl.truststore.location", "/etc/trust.p12");
    assertThat(config.registry().properties()).containsEntry("basic.auth.user.info", "ann:pw");
  }

  @Test
  void aKafkaSettingThatTagstreamDrivesIsRefusedWithTheSettingToUse() {
    assertThat(
            yaml.refused(
                "kafka: {processing.guarantee: at_least_once, consumer.max.poll.records: 9}"))
        .hasMessageContaining("is set by processing.guarantee")
        .hasMessageContaining("is set by limits.pollRecords");
  }

  @Test
  void aKafkaSettingThatWouldUndoTheLaggingCommitIsRefusedWithItsOrigin() {
    assertThat(
            yaml.refused(
                """
                kafka:
                  consumer.interceptor.classes: com.acme.Spy
                  processing.exception.handler: com.acme.Ignore
                  auto.offset.reset: latest
                """))
        .hasMessageContaining("3 problems")
        .hasMessageContaining("kafka.consumer.interceptor.classes")
        .hasMessageContaining("kafka.processing.exception.handler")
        .hasMessageContaining("kafka.auto.offset.reset")
        .hasMessageContaining("tagstream.yaml");
  }

  @Test
  void aMisspeltKafkaSettingIsRefusedAndAPlugInsOwnPasses() {
    assertThat(yaml.refused("kafka: {bootstrap.server: 'x:1'}"))
        .hasMessageContaining("did you mean bootstrap.servers?");
    assertThat(yaml.load("kafka: {acme.login.audience: x}").config().kafka())
        .containsEntry("acme.login.audience", "x");
  }

  @Test
  void atLeastOnceWithTheStreamsGroupProtocolIsRefused() {
    assertThat(
            yaml.refused(
                "processing: {guarantee: at_least_once}\nkafka: {group.protocol: STREAMS}"))
        .hasMessageContaining("kafka.group.protocol");
    assertThat(yaml.load("kafka: {group.protocol: streams}").config().kafka())
        .containsEntry("group.protocol", "streams");
  }
}
