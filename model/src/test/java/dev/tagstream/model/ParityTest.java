package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.text.ClipTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our outputs against those of Hugging Face transformers and of OpenCLIP, from the same weights,
 * pixels, JPEG files and prompts; {@code src/test/python/make_parity_golden.py} runs the two over
 * the folders that this test writes.
 */
class ParityTest {
  private static final double LEAST_COSINE = 0.99999;
  private static final double LEAST_COSINE_FROM_JPEG = 0.9999;
  private static final Path FOLDERS = Path.of("target", "parity");

  /** Orientation is left as it is stored, as both references do. */
  private static final ModelOptions OPTIONS =
      ModelOptions.defaults()
          .on(new DeviceChoice.Cpu())
          .images(ModelOptions.defaults().limits(), false);

  static Set<String> checkpoints() {
    return ParityCheckpoints.byName().keySet();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("checkpoints")
  void embeddingsProbabilitiesAndTokenIdsEqualThoseOfTheReference(String name) throws Exception {
    Path folder = FOLDERS.resolve(name);
    Objects.requireNonNull(ParityCheckpoints.byName().get(name)).write(folder);
    JsonNode golden = golden();
    JsonNode expected = golden.path("checkpoints").path(name);

    try (ClipModel model = ClipModel.load(folder, OPTIONS)) {
      assertThat(model.checkpoint().weightsSha256())
          .isEqualTo(expected.path("weightsSha256").textValue());
      assertThat(model.checkpoint().logitScale())
          .isCloseTo(expected.path("logitScale").floatValue(), within(1e-4f));
      JsonNode images = expected.path("images");
      ByteBuffer pixels = pixels(images.size(), model.checkpoint().imageSize());
      float[][] imageRows = model.embedPixels(pixels, images.size());
      assertEqualDirections(imageRows, images, LEAST_COSINE);
      assertEqualDirections(
          embedded(model, golden.path("jpegs")), expected.path("jpegs"), LEAST_COSINE_FROM_JPEG);
      float[][] textRows = model.embedTexts(strings(golden.path("prompts")));
      assertEqualDirections(textRows, expected.path("texts"), LEAST_COSINE);
      assertEqualProbabilities(
          probabilities(imageRows, textRows, model.checkpoint().logitScale()),
          probabilities(
              rows(images),
              rows(expected.path("texts")),
              expected.path("logitScale").floatValue()));
      assertEqualIds(model.checkpoint(), golden.path("prompts"), expected.path("ids"));
    }
  }

  /** The control: a model that differs as little as its activation does not pass the bar. */
  @Test
  void theWrongActivationMissesTheBar() throws Exception {
    Path folder = FOLDERS.resolve("b32-F32-control");
    String name = "b32-F32";
    RandomCheckpoint.write(
        folder, new CheckpointShape(ParityCheckpoints.b32(), WeightType.F32), name.hashCode());
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("quick_gelu", "gelu"));
    JsonNode expected = golden().path("checkpoints").path(name).path("images");

    try (ClipModel model = ClipModel.load(folder, ModelOptions.defaults())) {
      ByteBuffer pixels = pixels(expected.size(), model.checkpoint().imageSize());
      float[][] actual = model.embedPixels(pixels, expected.size());
      assertThat(cosine(actual[0], expected.path(0))).isBetween(0.9, LEAST_COSINE);
    }
  }

  /** The control: the crop of the other reference, half a pixel away, does not pass the bar. */
  @Test
  void theCropOfTransformersMissesTheBarOfOpenClip() throws Exception {
    Path folder = FOLDERS.resolve("open-clip-b32-256");
    Objects.requireNonNull(ParityCheckpoints.byName().get("open-clip-b32-256")).write(folder);
    JsonNode golden = golden();
    JsonNode expected = golden.path("checkpoints").path("open-clip-b32-256").path("jpegs").path(1);
    byte[] jpeg = jpeg(golden.path("jpegs").path(1).textValue());

    try (ClipModel model = ClipModel.load(folder, OPTIONS)) {
      ImagePreprocessor others =
          new ImagePreprocessor(PixelSpec.clip(256), OPTIONS.limits(), false);
      byte[] pixels = others.prepare(jpeg).pixels();
      ByteBuffer direct = ByteBuffer.allocateDirect(pixels.length).put(pixels);
      assertThat(cosine(model.embedPixels(direct, 1)[0], expected))
          .isLessThan(LEAST_COSINE_FROM_JPEG);
      assertThat(cosine(model.embedImage(jpeg), expected))
          .isGreaterThanOrEqualTo(LEAST_COSINE_FROM_JPEG);
    }
  }

  private static float[][] embedded(ClipModel model, JsonNode names) throws Exception {
    float[][] rows = new float[names.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = model.embedImage(jpeg(names.path(i).textValue()));
    }
    return rows;
  }

  private static byte[] jpeg(String name) throws IOException {
    try (InputStream in = ParityTest.class.getResourceAsStream("image/files/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** Of each prompt as the label of each image: the softmax of the scaled cosines. */
  static double[][] probabilities(float[][] images, float[][] texts, float logitScale) {
    double[][] probabilities = new double[images.length][texts.length];
    for (int image = 0; image < images.length; image++) {
      double sum = 0;
      for (int text = 0; text < texts.length; text++) {
        double dot = 0;
        for (int i = 0; i < texts[text].length; i++) {
          dot += (double) images[image][i] * texts[text][i];
        }
        probabilities[image][text] = Math.exp(logitScale * dot);
        sum += probabilities[image][text];
      }
      for (int text = 0; text < texts.length; text++) {
        probabilities[image][text] /= sum;
      }
    }
    return probabilities;
  }

  private static void assertEqualProbabilities(double[][] actual, double[][] expected) {
    for (int image = 0; image < expected.length; image++) {
      for (int text = 0; text < expected[image].length; text++) {
        assertThat(actual[image][text]).isCloseTo(expected[image][text], within(1e-3));
      }
    }
  }

  static float[][] rows(JsonNode array) {
    float[][] rows = new float[array.size()][array.path(0).size()];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < rows[row].length; i++) {
        rows[row][i] = array.path(row).path(i).floatValue();
      }
    }
    return rows;
  }

  private static void assertEqualIds(Checkpoint checkpoint, JsonNode prompts, JsonNode expected) {
    Path file = checkpoint.folder().resolve("tokenizer.json");
    int vocabulary = checkpoint.config().vocabularySize();
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(file, checkpoint.contextLength(), vocabulary)) {
      List<List<Long>> actual = new ArrayList<>();
      for (long[] ids : tokenizer.encode(strings(prompts))) {
        actual.add(LongStream.of(ids).boxed().toList());
      }
      List<List<Long>> ids = new ArrayList<>();
      for (JsonNode row : expected) {
        List<Long> numbers = new ArrayList<>();
        row.forEach(id -> numbers.add(id.longValue()));
        ids.add(numbers);
      }
      assertThat(actual).isEqualTo(ids);
    }
  }

  static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(string -> strings.add(string.textValue()));
    return strings;
  }

  /** The same bytes as {@code pixels} of the script. */
  static ByteBuffer pixels(int count, int size) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * size * size * 3);
    for (long i = 0; i < pixels.capacity(); i++) {
      pixels.put((byte) ((i * i * 31 + i * 17) >>> 5));
    }
    return pixels;
  }

  private static void assertEqualDirections(float[][] actual, JsonNode expected, double least) {
    assertThat(actual).hasDimensions(expected.size(), expected.path(0).size());
    for (int row = 0; row < actual.length; row++) {
      assertThat(cosine(actual[row], expected.path(row)))
          .as("cosine of row %d", row)
          .isGreaterThanOrEqualTo(least);
    }
  }

  static double cosine(float[] actual, JsonNode expected) {
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

  static JsonNode golden() throws Exception {
    try (InputStream in = ParityTest.class.getResourceAsStream("parity/golden.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in, "parity/golden.json"));
    }
  }
}
