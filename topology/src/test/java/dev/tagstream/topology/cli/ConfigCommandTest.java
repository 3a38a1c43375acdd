package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path folder;

  @Test
  void whatIsPrintedIsAConfigurationThatGivesTheSameAgain() throws IOException {
    CliRun first =
        CliRun.of("config", "--set", "batch.maxSize=7", "--set", "kafka.client.id=a b: c");
    Path file = Files.writeString(folder.resolve("printed.yaml"), first.out());

    CliRun second = CliRun.of("config", "--config", file.toString());

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(CliRun.of("config", "--json", "--config", file.toString()).out())
        .isEqualTo(
            CliRun.of(
                    "config",
                    "--json",
                    "--set",
                    "batch.maxSize=7",
                    "--set",
                    "kafka.client.id=a b: c")
                .out());
  }

  @Test
  void theReferenceIsAConfigurationOfAllDefaults() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("reference.yaml"), CliRun.of("config", "--reference").out());

    assertThat(CliRun.of("config", "--json", "--config", file.toString()).out())
        .isEqualTo(CliRun.of("config", "--json").out());
  }

  @Test
  void originsAreShownBesideWhatIsNotADefault() {
    CliRun run =
        CliRun.with(Map.of("TAGSTREAM_MODEL_DEVICE", "cpu"), "config", "--set", "batch.maxSize=7");

    assertThat(run.out())
        .contains("device: cpu  # environment TAGSTREAM_MODEL_DEVICE")
        .contains("maxSize: 7  # --set")
        .contains("inFlight: 2\n")
        .contains("of heap");
  }

  @Test
  void jsonIsOneObjectWithSecretsMasked() throws IOException {
    CliRun run = CliRun.of("config", "--json", "--set", "kafka.ssl.key.password=hunter2");

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.get("kafka.ssl.key.password").asText()).isEqualTo("********");
    assertThat(json.get("batch.maxSize").asInt()).isEqualTo(0);
    assertThat(run.out()).doesNotContain("hunter2").hasLineCount(1);
  }

  @Test
  void aWrongConfigurationIsWrongUseAndNamesEveryProblem() {
    CliRun run = CliRun.of("config", "--set", "batch.maxsize=7", "--set", "model.device=tpu");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("did you mean batch.maxSize?").contains("auto, cpu or cuda:N");
  }

  @Test
  void theFileMayBeNamedByTheEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("named.yaml"), "batch: {maxSize: 9}");

    assertThat(CliRun.with(Map.of("TAGSTREAM_CONFIG", file.toString()), "config").out())
        .contains("maxSize: 9");
  }
}
