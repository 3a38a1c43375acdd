package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.runtime.DeviceUnavailableException;
import dev.tagstream.topology.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with model, labels or folders is told although no broker answers. Without that the
 * start waits for one, and then tells of nothing else.
 */
class ToldBeforeBrokersTest {
  @TempDir private Path folder;

  private final Map<String, String> settings = new HashMap<>();

  @BeforeEach
  void nothingAnswers() throws IOException {
    RandomCheckpoint.write(folder.resolve("model"), CheckpointShape.named("tiny"), 1);
    settings.put("kafka.bootstrap.servers", "127.0.0.1:1");
    settings.put("kafka.default.api.timeout.ms", "60000");
    settings.put("registry.urls", "http://127.0.0.1:1");
    settings.put("application.stateDir", folder.resolve("state").toString());
    settings.put("model.path", folder.resolve("model").toString());
    settings.put("model.store", folder.resolve("store").toString());
  }

  @Test
  void aModelThatWasNotPulled() {
    settings.put("model.path", "somebody/some-model");

    assertThatThrownBy(this::start)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tagstream model pull somebody/some-model");
  }

  @Test
  void aCheckpointThatLacksAFile() throws IOException {
    Files.delete(folder.resolve("model/config.json"));

    assertThatThrownBy(this::start)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void aDeviceThatIsNotThere() {
    settings.put("model.device", "cuda:99");

    assertThatThrownBy(this::start).isInstanceOf(DeviceUnavailableException.class);
  }

  @Test
  void aLabelFileThatIsNone() throws IOException {
    settings.put("labels.files", write("labels.yaml", "{labels: dog}"));

    assertThatThrownBy(this::start).isInstanceOf(InvalidLabelSetException.class);
  }

  @Test
  void aLabelThatThePolicyRefuses() throws IOException {
    settings.put("labels.files", write("labels.yaml", "{labels: [a gun]}"));
    settings.put(
        "labels.policy",
        write(
            "policy.yaml", "kinds: [{name: weapons, action: refuse, reason: ours, words: [gun]}]"));

    assertThatThrownBy(this::start)
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContaining("'a gun'");
  }

  @Test
  void anAllowedFolderThatDoesNotExist() {
    settings.put("sources.file.allow", folder.resolve("nowhere").toString());

    assertThatThrownBy(this::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  private void start() {
    TagstreamApplication.start(ConfigLoader.defaults(settings)).close();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
