package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.runtime.DeviceChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same model, laid out on the disk in other ways, gives the same embeddings. */
class CheckpointLayoutTest {
  private static final ModelOptions ON_CPU = ModelOptions.defaults().on(new DeviceChoice.Cpu());

  @TempDir private Path temporary;
  private Path folder;
  private float[][] expected;

  @BeforeEach
  void embedOnce() throws IOException {
    folder = temporary.resolve("checkpoint");
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 3);
    expected = embeddings(folder);
  }

  @Test
  void weightsMayLieAtOddOffsets() throws IOException {
    Path file = folder.resolve("model.safetensors");
    ByteBuffer weights = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(weights.getLong(0));
    ByteBuffer moved = ByteBuffer.allocate(weights.capacity() + 1).order(ByteOrder.LITTLE_ENDIAN);
    moved.putLong(header + 1).put(weights.slice(8, header)).put((byte) ' ');
    moved.put(weights.slice(8 + header, weights.capacity() - 8 - header));
    Files.write(file, moved.array());

    assertThat(embeddings(folder)).isDeepEqualTo(expected);
  }

  @Test
  void filesMayBeLinksOutOfTheFolderAsInTheHubsCache() throws IOException {
    Path snapshot = temporary.resolve("models--someone--tiny/snapshots/abc123");
    Files.createDirectories(snapshot);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(snapshot.resolve(file.getFileName()), file);
      }
    }

    assertThat(embeddings(snapshot)).isDeepEqualTo(expected);
    Checkpoint checkpoint = Checkpoint.read(snapshot, ON_CPU);
    assertThat(checkpoint.name()).isEqualTo("someone/tiny");
    assertThat(checkpoint.revision()).isEqualTo("abc123");
  }

  @Test
  void configurationsWithTheOldEndTokenGiveTheSameEmbeddings() throws IOException {
    Path config = folder.resolve("config.json");
    String old = Files.readString(config).replace("\"eos_token_id\": 513", "\"eos_token_id\": 2");
    Files.writeString(config, old);

    assertThat(Checkpoint.read(folder, ON_CPU).config().eosTokenId()).isEqualTo(2);
    assertThat(embeddings(folder)).isDeepEqualTo(expected);
  }

  @Test
  void truncatedWeightsAreRefusedBeforeTheRuntimeSeesThem() throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] weights = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(weights, weights.length - 1));

    assertThatThrownBy(() -> ClipModel.load(folder, ON_CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is truncated")
        .hasMessageContaining(Integer.toString(weights.length - 1));
  }

  @Test
  void theFactsNameEverythingThatTellsTwoCheckpointsApart() {
    assertThat(Checkpoint.read(folder, ON_CPU).facts())
        .containsEntry("name", "checkpoint")
        .containsEntry("licence", "cc0-1.0")
        .containsEntry("weightType", "F32")
        .containsEntry("dimension", 32)
        .containsEntry("imageSize", 64)
        .containsKeys("weightsSha256", "logitScale", "imageTower", "textTower", "preprocessing");
  }

  @Test
  void theOrientationSwitchIsPartOfThePreprocessingsFingerprint() {
    ModelOptions strict = ON_CPU.images(ON_CPU.limits(), false);

    assertThat(Checkpoint.read(folder, strict).preprocessingFingerprint())
        .isNotEqualTo(Checkpoint.read(folder, ON_CPU).preprocessingFingerprint());
  }

  private static float[][] embeddings(Path checkpoint) {
    try (ClipModel model = ClipModel.load(checkpoint, ON_CPU)) {
      int size = model.checkpoint().imageSize();
      byte[] pixels = new byte[size * size * 3];
      new Random(1).nextBytes(pixels);
      ByteBuffer direct = ByteBuffer.allocateDirect(pixels.length).put(pixels);
      float[] image = model.embedPixels(direct, 1)[0];
      return new float[][] {image, model.embedTexts(List.of("a cat"))[0]};
    }
  }
}
