package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.runtime.DeviceChoice;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One checkpoint on several devices; a CPU stands for each of them. */
class ImageTowerTest {
  private static final DeviceChoice CPU = new DeviceChoice.Cpu();
  private static final int IMAGES = 3;

  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws Exception {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 7);
  }

  private static ClipModel load() {
    return ClipModel.load(folder, ModelOptions.defaults().on(CPU));
  }

  private static ByteBuffer randomPixels(ImageTower tower) {
    byte[] bytes = new byte[IMAGES * tower.imageSize() * tower.imageSize() * 3];
    new Random(5).nextBytes(bytes);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes);
  }

  @Test
  void anotherTowerOfTheCheckpointGivesTheSameVectors() {
    try (ClipModel model = load();
        ImageTower other = model.imageTowerOn(CPU)) {
      ByteBuffer pixels = randomPixels(other);

      assertThat(other.device()).isEqualTo("cpu");
      assertThat(other.embedPixels(pixels, IMAGES))
          .isDeepEqualTo(model.embedPixels(pixels, IMAGES));
    }
  }

  @Test
  void eachTowerIsClosedByItself() {
    ClipModel model = load();
    ImageTower other = model.imageTowerOn(CPU);
    ByteBuffer pixels = randomPixels(other);

    other.close();
    assertThatIllegalStateException().isThrownBy(() -> other.embedPixels(pixels, IMAGES));
    assertThat(model.embedPixels(pixels, IMAGES)).hasDimensions(IMAGES, 32);

    model.close();
    assertThatIllegalStateException().isThrownBy(() -> model.embedPixels(pixels, IMAGES));
  }
}
