package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.checkpoint.Activation;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.runtime.DeviceChoice;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our outputs against those of Hugging Face transformers, from the same weights, pixels and
 * prompts. The checkpoints are random ones in the proportions of ViT-B/32 (quick_gelu, head width
 * 64) and ViT-H/14 (exact gelu, head width 80); {@code src/test/python/make_parity_golden.py} runs
 * transformers over the folders that this test writes.
 */
class ParityTest {
  private static final double LEAST_COSINE = 0.99999;
  private static final Path FOLDERS = Path.of("target", "parity");

  static List<Arguments> checkpoints() {
    List<Arguments> checkpoints = new ArrayList<>();
    for (WeightType type : WeightType.values()) {
      checkpoints.add(Arguments.of("b32-" + type, new CheckpointShape(b32(), type)));
      checkpoints.add(Arguments.of("h14-" + type, new CheckpointShape(h14(), type)));
    }
    return checkpoints;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("checkpoints")
  void embeddingsAndLogitScaleEqualThoseOfTransformers(String name, CheckpointShape shape)
      throws Exception {
    Path folder = FOLDERS.resolve(name);
    RandomCheckpoint.write(folder, shape, name.hashCode());
    ModelOptions options = ModelOptions.defaults().on(new DeviceChoice.Cpu());
    JsonNode golden = golden();
    JsonNode expected = golden.path("checkpoints").path(name);
    List<String> prompts = new ArrayList<>();
    golden.path("prompts").forEach(prompt -> prompts.add(prompt.textValue()));

    try (ClipModel model = ClipModel.load(folder, options)) {
      assertThat(model.checkpoint().weightsSha256())
          .isEqualTo(expected.path("weightsSha256").textValue());
      assertThat(model.checkpoint().logitScale())
          .isCloseTo(expected.path("logitScale").floatValue(), within(1e-4f));
      JsonNode images = expected.path("images");
      ByteBuffer pixels = pixels(images.size(), model.checkpoint().imageSize());
      assertEqualDirections(model.embedPixels(pixels, images.size()), images);
      assertEqualDirections(model.embedTexts(prompts), expected.path("texts"));
    }
  }

  /** The control: a model that differs as little as its activation does not pass the bar. */
  @Test
  void theWrongActivationMissesTheBar() throws Exception {
    Path folder = FOLDERS.resolve("b32-F32-control");
    String name = "b32-F32";
    RandomCheckpoint.write(folder, new CheckpointShape(b32(), WeightType.F32), name.hashCode());
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("quick_gelu", "gelu"));
    JsonNode expected = golden().path("checkpoints").path(name).path("images");

    try (ClipModel model = ClipModel.load(folder, ModelOptions.defaults())) {
      ByteBuffer pixels = pixels(expected.size(), model.checkpoint().imageSize());
      float[][] actual = model.embedPixels(pixels, expected.size());
      assertThat(cosine(actual[0], expected.path(0))).isBetween(0.9, LEAST_COSINE);
    }
  }

  private static ClipConfig b32() {
    TowerConfig vision = new TowerConfig(192, 3, 3, 768, Activation.QUICK_GELU, 1e-5f);
    TowerConfig text = new TowerConfig(128, 3, 2, 512, Activation.QUICK_GELU, 1e-5f);
    return new ClipConfig(vision, 96, 32, text, 514, 77, 513, 64);
  }

  /** The image is not a whole number of patches, so that the rest at the edge is tried as well. */
  private static ClipConfig h14() {
    TowerConfig vision = new TowerConfig(160, 3, 2, 640, Activation.GELU, 1e-5f);
    TowerConfig text = new TowerConfig(128, 2, 2, 512, Activation.GELU, 1e-6f);
    return new ClipConfig(vision, 75, 14, text, 520, 40, 519, 96);
  }

  /** The same bytes as {@code pixels} of the script. */
  private static ByteBuffer pixels(int count, int size) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * size * size * 3);
    for (long i = 0; i < pixels.capacity(); i++) {
      pixels.put((byte) ((i * i * 31 + i * 17) >>> 5));
    }
    return pixels;
  }

  private static void assertEqualDirections(float[][] actual, JsonNode expected) {
    assertThat(actual).hasDimensions(expected.size(), expected.path(0).size());
    for (int row = 0; row < actual.length; row++) {
      assertThat(cosine(actual[row], expected.path(row)))
          .as("cosine of row %d", row)
          .isGreaterThanOrEqualTo(LEAST_COSINE);
    }
  }

  private static double cosine(float[] actual, JsonNode expected) {
    double dot = 0;
    double squares = 0;
    double expectedSquares = 0;
    for (int i = 0; i < actual.length; i++) {
      double value = expected.path(i).doubleValue();
      dot += actual[i] * value;
      squares += (double) actual[i] * actual[i];
      expectedSquares += value * value;
    }
    return dot / Math.sqrt(squares * expectedSquares);
  }

  private static JsonNode golden() throws Exception {
    try (InputStream in = ParityTest.class.getResourceAsStream("parity/golden.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in, "parity/golden.json"));
    }
  }
}
