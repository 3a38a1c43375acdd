package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointLayout;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.OpenClipCheckpoint;
import dev.tagstream.model.checkpoint.Shards;
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
  void theOpenClipLayoutGivesTheSameEmbeddings() throws IOException {
    Path openClip = temporary.resolve("open-clip");
    OpenClipCheckpoint.write(folder, openClip);

    assertSameDirections(embeddings(openClip));
    Checkpoint checkpoint = Checkpoint.read(openClip, ON_CPU);
    assertThat(checkpoint.layout()).isEqualTo(CheckpointLayout.OPEN_CLIP);
    assertThat(checkpoint.parameters()).isEqualTo(Checkpoint.read(folder, ON_CPU).parameters());
  }

  @Test
  void aFolderThatHoldsBothLayoutsIsRunInHuggingFaces() throws IOException {
    OpenClipCheckpoint.write(folder, folder);

    assertThat(Checkpoint.read(folder, ON_CPU).layout()).isEqualTo(CheckpointLayout.HUGGING_FACE);
  }

  @Test
  void aWeightsFileWorksLikeTheFolderItLiesIn() throws IOException {
    OpenClipCheckpoint.write(folder, folder);

    assertThat(embeddings(folder.resolve("model.safetensors"))).isDeepEqualTo(expected);
    assertSameDirections(embeddings(folder.resolve("open_clip_model.safetensors")));
    Path moved = folder.resolve("fine-tuned.safetensors");
    Files.move(folder.resolve("model.safetensors"), moved);
    assertThat(embeddings(moved)).isDeepEqualTo(expected);
    assertThat(Checkpoint.read(moved, ON_CPU).name()).isEqualTo("checkpoint");
  }

  @Test
  void weightsMayBeSplitOverSeveralFiles() throws IOException {
    String whole = Checkpoint.read(folder, ON_CPU).weightsSha256();
    Shards.split(folder, 3);

    assertThat(embeddings(folder)).isDeepEqualTo(expected);
    assertThat(embeddings(folder.resolve("model.safetensors.index.json"))).isDeepEqualTo(expected);
    assertThat(Checkpoint.read(folder, ON_CPU).weightsSha256()).hasSize(64).isNotEqualTo(whole);
  }

  @Test
  void filesOfSplitWeightsMayBeLinksIntoDifferentFolders() throws IOException {
    Shards.split(folder, 2);
    for (int shard = 1; shard <= 2; shard++) {
      Path file = folder.resolve(Shards.name(shard, 2));
      Path elsewhere = Files.createDirectories(temporary.resolve("blobs/" + shard)).resolve("blob");
      Files.move(file, elsewhere);
      Files.createSymbolicLink(file, elsewhere);
    }

    assertThat(embeddings(folder)).isDeepEqualTo(expected);
  }

  @Test
  void theTokenizerMayBeAVocabularyAndMerges() throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    JsonNode model = new JsonMapper().readTree(tokenizer.toFile()).path("model");
    Files.writeString(folder.resolve("vocab.json"), model.path("vocab").toString());
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
    Files.delete(tokenizer);

    assertThat(embeddings(folder)).isDeepEqualTo(expected);
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
  void aNumberThatIsNoneIsRefusedWithFileTensorAndPlaceWhenItLoads() throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] weights = Files.readAllBytes(file);
    ByteBuffer.wrap(weights).putInt(weights.length - 4, 0x0000c07f);
    Files.write(file, weights);

    assertThatThrownBy(() -> ClipModel.load(folder, ON_CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors: number 0 of tensor logit_scale is NaN");
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

  /** Not bit by bit: the runtime multiplies a transposed matrix in another order. */
  private void assertSameDirections(float[][] actual) {
    for (int row = 0; row < expected.length; row++) {
      double dot = 0;
      for (int i = 0; i < expected[row].length; i++) {
        dot += (double) actual[row][i] * expected[row][i];
      }
      assertThat(dot).isGreaterThan(0.999999);
    }
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
