package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointIdentityTest {

  @Test
  void aSnapshotOfTheHubsCacheHasTheRepositorysNameAndCommit() {
    Path snapshot =
        Path.of("/cache/hub/models--laion--CLIP-ViT-H-14-laion2B-s32B-b79K/snapshots/1c2b8495");

    assertThat(CheckpointIdentity.of(snapshot))
        .isEqualTo(new CheckpointIdentity("laion/CLIP-ViT-H-14-laion2B-s32B-b79K", "1c2b8495"));
  }

  @Test
  void anyOtherFolderHasItsOwnName() {
    assertThat(CheckpointIdentity.of(Path.of("/models/snapshots/../plip/.")))
        .isEqualTo(new CheckpointIdentity("plip", "local"));
  }

  @Test
  void theHashIsThatOfTheWholeFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("abc"), "abc");

    assertThat(CheckpointIdentity.sha256(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
