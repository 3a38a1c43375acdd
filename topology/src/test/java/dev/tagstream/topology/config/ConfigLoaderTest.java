package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path folder;
  private YamlFile yaml;

  @BeforeEach
  void yaml() {
    yaml = new YamlFile(folder);
  }

  @Test
  void withNothingSetTheDefaultsHold() {
    TagstreamConfig config = yaml.load("").config();

    assertThat(config.processing().guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
    assertThat(config.processing().commitInterval()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.topics().events()).isEqualTo("image-events");
    assertThat(config.bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.sources().fileAllow()).isEmpty();
    assertThat(config.batch().decodeWorkers()).isPositive();
  }

  @Test
  void theFileOverridesTheDefaultsTheEnvironmentTheFileAndTheCommandLineAll() {
    Path file = yaml.write("batch: {maxSize: 8, inFlight: 3}\napplication: {threads: 3}\n");

    TagstreamConfig config =
        ConfigLoader.load(
                Optional.of(file),
                Map.of("TAGSTREAM_BATCH_MAX_SIZE", "16", "TAGSTREAM_APPLICATION_THREADS", "4"),
                Map.of("application.threads", "5"))
            .config();

    assertThat(config.batch().inFlight()).isEqualTo(3);
    assertThat(config.batch().maxSize()).isEqualTo(16);
    assertThat(config.application().threads()).isEqualTo(5);
  }

  @Test
  void everySettingSaysWhereItCameFrom() {
    Path file = yaml.write("batch: {maxSize: 8}\n");

    LoadedConfig loaded =
        ConfigLoader.load(
            Optional.of(file),
            Map.of("TAGSTREAM_MODEL_DEVICE", "cpu"),
            Map.of("topics.labels", "l"));

    Map<String, String> origins =
        loaded.settings().stream().collect(Collectors.toMap(Setting::key, Setting::origin));
    assertThat(origins)
        .containsEntry("batch.maxSize", file.toString())
        .containsEntry("model.device", "environment TAGSTREAM_MODEL_DEVICE")
        .containsEntry("topics.labels", "--set")
        .containsEntry("batch.inFlight", "default");
  }

  @Test
  void everyProblemIsListedAtOnceWithKeyValueAndWhatIsAllowed() {
    ConfigException refused =
        yaml.refused(
            """
            batch:
              maxSize: many
              inFligth: 2
            model:
              device: gpu
            processing:
              guarantee: exactly-once
            colours: {sky: blue}
            """);

    assertThat(refused.problems()).hasSize(5);
    assertThat(refused)
        .hasMessageContaining("5 problems")
        .hasMessageContaining("batch.maxSize: many")
        .hasMessageContaining("a whole number from 0 to 4096")
        .hasMessageContaining("did you mean batch.inFlight?")
        .hasMessageContaining("auto, cpu or cuda:N, or several GPUs")
        .hasMessageContaining("exactly_once or at_least_once")
        .hasMessageContaining("colours.sky: blue")
        .hasMessageContaining("the sections are application, processing, topics");
  }

  @Test
  void anUnknownVariableIsRefusedWithTheNearestOne() {
    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    Optional.of(yaml.write("")), Map.of("TAGSTREAM_BATCH_MAXSIZE", "3"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean TAGSTREAM_BATCH_MAX_SIZE?");
  }

  @Test
  void variablesThatKubernetesInjectsForAServiceCalledTagstreamAreNotSettings() {
    ConfigLoader.load(
        Optional.of(yaml.write("")),
        Map.of(
            "TAGSTREAM_SERVICE_HOST", "10.0.0.1",
            "TAGSTREAM_SERVICE_PORT_HTTP", "8080",
            "TAGSTREAM_PORT", "tcp://10.0.0.1:8080",
            "TAGSTREAM_PORT_8080_TCP_ADDR", "10.0.0.1"),
        Map.of());
  }

  @Test
  void variablesOfTheLauncherAreNotSettings() {
    ConfigLoader.load(
        Optional.of(yaml.write("")),
        Map.of("TAGSTREAM_JAVA_OPTS", "-Xmx1g", "TAGSTREAM_MAVEN_OPTS", "-Pcuda"),
        Map.of());
  }

  @Test
  void secretsAreMaskedInTheSettingsAndInTheProblems() {
    LoadedConfig loaded =
        yaml.load(
            """
            kafka:
              sasl.jaas.config: 'user ann hunter2'
              ssl.key.password: hunter2
              ssl.keystore.location: /etc/key.p12
            registry:
              urls: ['https://ann:hunter2@registry:8081']
              properties: {basic.auth.user.info: 'ann:hunter2'}
            """);

    assertThat(loaded.settings().toString())
        .doesNotContain("hunter2")
        .contains("/etc/key.p12")
        .contains("@registry:8081");
    assertThat(loaded.config().kafka().get("ssl.key.password")).isEqualTo("hunter2");
    assertThat(yaml.refused("registry: {password: hunter2}").getMessage())
        .doesNotContain("hunter2");
  }

  @Test
  void deadlinesMustComeInTheirOrder() {
    assertThat(yaml.refused("sources: {timeout: 20s}"))
        .hasMessageContaining("processing.fullWait (7s)");
    assertThat(yaml.refused("processing: {fullWait: 30s}"))
        .hasMessageContaining("processing.transactionTimeout (10s)");
  }

  @Test
  void twoSettingsMustNotNameTheSameTopic() {
    assertThat(yaml.refused("topics: {rejects: image-events}"))
        .hasMessageContaining("topics.rejects: image-events");
  }

  @Test
  void aNumberWithoutAUnitIsNotADuration() {
    assertThat(yaml.refused("sources: {timeout: 5}")).hasMessageContaining("such as 100ms, 5s");
  }

  @Test
  void aFileThatIsNotYamlIsRefusedWithTheLine() {
    assertThat(yaml.refused("batch:\n  maxSize: [1\n")).hasMessageContaining("is not YAML");
    assertThat(yaml.refused("batch: {maxSize: 1}\nbatch: {maxSize: 2}\n"))
        .hasMessageContaining("is not YAML")
        .hasMessageContaining("line 2");
  }

  @Test
  void aNamedFileThatDoesNotExistIsRefused() {
    assertThatThrownBy(
            () -> ConfigLoader.load(Optional.of(folder.resolve("no.yaml")), Map.of(), Map.of()))
        .hasMessageContaining("no.yaml")
        .hasMessageContaining("does not exist");
  }

  @Test
  void everyPrintedDefaultIsReadBackAsTheSameValue() {
    Map<String, String> printed =
        SettingReference.all().stream()
            .filter(setting -> !(setting.defaultValue() instanceof List<?>))
            .collect(
                Collectors.toMap(
                    SettingReference::key, setting -> setting.defaultValue().toString()));

    assertThat(ConfigLoader.defaults(printed)).isEqualTo(ConfigLoader.defaults(Map.of()));
  }
}
