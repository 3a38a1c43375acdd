package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.model.ClipModel;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around the store, with a small checkpoint that really loads. */
class ModelStoreCommandsTest {
  @TempDir static Path checkpoint = Path.of("");
  @TempDir Path store = Path.of("");
  private FolderHub hub = hubOf(Path.of("."));

  private static FolderHub hubOf(Path folder) {
    try {
      return new FolderHub(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    hub.close();
    Path model = checkpoint.resolve("tiny");
    if (!Files.exists(model)) {
      CliRun made = CliRun.of("model", "random", "--like", "tiny", model.toString());
      assertThat(made.exitCode()).as(made.err()).isZero();
      FolderHub.card(model);
    }
    hub = hubOf(model);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aPulledModelIsListedVerifiedInspectedAndRemovedByItsName() throws IOException {
    CliRun pulled = pull();
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out())
        .contains(FolderHub.MODEL + "@" + FolderHub.COMMIT, "verified", "mit", "Surveillance.");
    assertThat(run("model", "list").out())
        .contains(FolderHub.MODEL, FolderHub.COMMIT.substring(0, 12), "mit");
    assertThat(run("model", "verify", FolderHub.MODEL).exitCode()).isZero();
    JsonNode facts =
        new ObjectMapper().readTree(run("model", "inspect", FolderHub.MODEL, "--json").out());
    assertThat(facts.get("name").asText()).isEqualTo(FolderHub.MODEL);
    assertThat(facts.get("revision").asText()).isEqualTo(FolderHub.COMMIT);
    assertThat(facts.get("card").get("outOfScopeUse").asText()).isEqualTo("Surveillance.");

    assertThat(run("model", "remove", FolderHub.MODEL).exitCode()).isZero();

    assertThat(run("model", "list").err()).contains("No checkpoint");
    assertThat(run("model", "verify", FolderHub.MODEL).exitCode()).isEqualTo(1);
    assertThat(run("model", "remove", FolderHub.MODEL).err()).contains("There is no");
  }

  @Test
  void pullSaysWhatItDidAsJsonToo() throws IOException {
    JsonNode line =
        new ObjectMapper()
            .readTree(run("model", "pull", FolderHub.MODEL, "--hub", hub.url(), "--json").out());

    assertThat(line.get("revision").asText()).isEqualTo(FolderHub.COMMIT);
    assertThat(line.get("card").get("licence").asText()).isEqualTo("mit");
    assertThat(line.get("files").findValuesAsText("path")).contains("model.safetensors");
  }

  @Test
  void aModelThatIsNotInTheStoreIsNotFetchedButTheErrorSaysHow() {
    assertThatThrownBy(this::load)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tagstream model pull " + FolderHub.MODEL)
        .hasMessageContaining(store.toString());
    assertThat(hub.tokens).isEmpty();
  }

  @Test
  void theConfiguredModelIsFoundInTheStoreWithoutAHub() {
    pull();
    hub.close();

    try (ClipModel model = load()) {
      assertThat(model.checkpoint().name()).isEqualTo(FolderHub.MODEL);
      assertThat(model.checkpoint().revision()).isEqualTo(FolderHub.COMMIT);
    }
  }

  @Test
  void theStoreOfTheConfigurationFileIsTheOneThatNamesAreLookedUpIn() throws IOException {
    pull();
    Path file = Files.writeString(checkpoint.resolve("tagstream.yaml"), "model.store: " + store);
    Map<String, String> environment = Map.of("TAGSTREAM_CONFIG", file.toString());

    CliRun inspected = CliRun.with(environment, "model", "inspect", FolderHub.MODEL);

    assertThat(inspected.exitCode()).as(inspected.err()).isZero();
    assertThat(inspected.out()).contains(FolderHub.COMMIT);
  }

  @Test
  void oneChangedBitInTheWeightsStopsTheStart() throws IOException {
    pull();
    Path weights = find("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    assertThatThrownBy(this::load)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors has SHA-256")
        .hasMessageContaining("repairs it");

    assertThat(run("model", "verify", FolderHub.MODEL).exitCode()).isEqualTo(1);
    assertThat(pull().exitCode()).isZero();
    load().close();
  }

  @Test
  void aChangedModelIsNeitherInspectedNorLoadedByItsWeightsFile() throws IOException {
    pull();
    Path weights = find("model.safetensors");
    assertThat(run("model", "inspect", weights.toString()).exitCode()).isZero();
    Path config = find("preprocessor_config.json");
    Files.writeString(config, Files.readString(config).replace("0.5", "0.6") + "\n");

    for (String named : new String[] {FolderHub.MODEL, weights.toString()}) {
      CliRun inspected = run("model", "inspect", named);
      assertThat(inspected.exitCode()).isEqualTo(1);
      assertThat(inspected.err()).contains("preprocessor_config.json", "repairs it");
      assertThat(run("model", "selftest", named).err()).contains("preprocessor_config.json");
    }
  }

  @Test
  void aChangedConfigurationStopsTheStartBeforeAnythingIsLoaded() throws IOException {
    pull();
    Path config = find("preprocessor_config.json");
    Files.writeString(config, Files.readString(config).replace("0.5", "0.6") + "\n");

    assertThatThrownBy(this::load)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("preprocessor_config.json");
  }

  @Test
  void theConfiguredTokenIsSentToTheConfiguredHubAndMaskedWhereItIsShown() {
    Map<String, String> environment =
        Map.of("TAGSTREAM_HUB_URL", hub.url(), "TAGSTREAM_HUB_TOKEN", "hf_secret");

    CliRun.with(environment, "model", "pull", FolderHub.MODEL, "--store", store.toString());

    assertThat(hub.tokens).containsExactly("Bearer hf_secret");
    assertThat(CliRun.with(environment, "config").out())
        .contains("token: ")
        .doesNotContain("hf_secret");
  }

  @Test
  void aTokenGoesOnlyToTheHubItIsFor() {
    String pull = "pull";
    CliRun.with(
        Map.of("TAGSTREAM_HUB_TOKEN", "hf_a", "HF_TOKEN", "hf_b"),
        "model",
        pull,
        FolderHub.MODEL,
        "--hub",
        hub.url(),
        "--store",
        store.toString());
    CliRun.with(
        Map.of("TAGSTREAM_HUB_URL", hub.url(), "HF_TOKEN", "hf_b"),
        "model",
        pull,
        FolderHub.MODEL,
        "--store",
        store.toString());
    assertThat(hub.tokens).containsExactly("null", "null");

    CliRun.with(
        Map.of("HF_ENDPOINT", hub.url(), "HF_TOKEN", "hf_b"),
        "model",
        pull,
        FolderHub.MODEL,
        "--store",
        store.toString());
    assertThat(hub.tokens).endsWith("Bearer hf_b");
  }

  @Test
  void aNameThatIsNoneIsWrongUseAndOneSentence() {
    for (String command : new String[] {"pull", "verify", "remove"}) {
      CliRun run = run("model", command, "clip");

      assertThat(run.exitCode()).as(command).isEqualTo(2);
      assertThat(run.err()).contains("OWNER/NAME");
    }
    assertThat(run("model", "pull", "clip").err()).hasLineCount(1);
  }

  private CliRun pull() {
    return run("model", "pull", FolderHub.MODEL, "--hub", hub.url());
  }

  private CliRun run(String... arguments) {
    return CliRun.with(Map.of("TAGSTREAM_MODEL_STORE", store.toString()), arguments);
  }

  private ClipModel load() {
    return Models.load(
            ConfigLoader.defaults(
                Map.of("model.path", FolderHub.MODEL, "model.store", store.toString())))
        .clip();
  }

  private Path find(String name) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
