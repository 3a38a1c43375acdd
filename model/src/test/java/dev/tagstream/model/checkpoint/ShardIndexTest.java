package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardIndexTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String TENSOR = "text_projection.weight";

  @TempDir private Path folder;

  @BeforeEach
  void split() throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
    Shards.split(folder, 2);
  }

  @Test
  void theFilesAreThoseThatTheIndexNamesInTheOrderOfTheirNames() {
    assertThat(CheckpointFolder.open(folder).weights().files())
        .containsExactly(
            folder.resolve("model-00001-of-00002.safetensors"),
            folder.resolve("model-00002-of-00002.safetensors"));
  }

  @Test
  void aFileThatIsNotThereIsRefusedByName() throws IOException {
    Files.delete(folder.resolve(Shards.name(2, 2)));

    assertRefused()
        .hasMessageContaining("model.safetensors.index.json names " + Shards.name(2, 2))
        .hasMessageContaining("not there");
  }

  @Test
  void aTensorThatIsNotInTheFileSaidIsRefused() throws IOException {
    map(TENSOR, Shards.name(1, 2));

    assertRefused()
        .hasMessageContaining(Shards.name(1, 2) + " holds tensor " + TENSOR)
        .hasMessageContaining("it does not");
  }

  @Test
  void aTensorThatTheIndexLeavesOutIsMissing() throws IOException {
    map(TENSOR, null);

    assertRefused().hasMessageContaining("the weights in 2 files has no tensor " + TENSOR);
  }

  @Test
  void namesThatLeadOutOfTheFolderAreRefused() throws IOException {
    for (String name : new String[] {"../elsewhere", "/etc/passwd", "a/b", "", ".hidden", "a\nb"}) {
      map(TENSOR, name);

      assertRefused()
          .hasMessageContaining("weight_map." + TENSOR)
          .hasMessageContaining("a file in the index's own folder");
    }
  }

  @Test
  void anIndexWithoutAWeightMapIsRefused() throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": 7}");

    assertRefused().hasMessageContaining("model.safetensors.index.json: weight_map");
  }

  @Test
  void aTruncatedFileIsRefusedByItsOwnName() throws IOException {
    Path shard = folder.resolve(Shards.name(2, 2));
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 1));

    assertRefused().hasMessageContaining(Shards.name(2, 2) + " is truncated");
  }

  private void map(String tensor, @Nullable String file) throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    ObjectNode root = (ObjectNode) MAPPER.readTree(index.toFile());
    ((ObjectNode) root.path("weight_map")).put(tensor, file);
    if (file == null) {
      ((ObjectNode) root.path("weight_map")).remove(tensor);
    }
    MAPPER.writeValue(index.toFile(), root);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(CheckpointException.class);
  }
}
