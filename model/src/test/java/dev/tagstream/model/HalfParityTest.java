package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.graph.ImageTowerGraph;
import dev.tagstream.model.graph.TextTowerGraph;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.ModelInput;
import dev.tagstream.model.runtime.OnnxModel;
import dev.tagstream.model.runtime.RunDevice;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is computed in 16 bits against the same golden vectors as {@link ParityTest}, which are of
 * 32. On a CPU it is emulated; the graph that a GPU gets is run there as well, on the runtime's own
 * 16-bit products, which are coarser than a GPU's because they add up in 16 bits.
 */
class HalfParityTest {
  /** The bar of 32 bits: 16 cost a fifth of it, a wrong activation more than twice as much. */
  private static final double LEAST_COSINE = 0.99999;

  /** For products that add up in 16 bits: what is wired wrongly differs by far more. */
  private static final double LEAST_COSINE_OF_COARSE_PRODUCTS = 0.9999;

  private static final Path FOLDERS = Path.of("target", "half-parity");
  private static final ModelOptions F32 =
      ModelOptions.defaults().on(new DeviceChoice.Cpu()).computing(ComputeChoice.F32);

  static Set<String> checkpoints() {
    return ParityCheckpoints.byName().keySet();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("checkpoints")
  void embeddingsAndProbabilitiesIn16BitsEqualThoseOfTheReference(String name) throws Exception {
    JsonNode golden = ParityTest.golden();
    JsonNode expected = golden.path("checkpoints").path(name);
    JsonNode images = expected.path("images");

    try (ClipModel model = ClipModel.load(written(name), F32.computing(ComputeChoice.F16))) {
      assertThat(model.compute()).isEqualTo(ComputeType.F16_EMULATED);
      int size = model.checkpoint().imageSize();
      float[][] imageRows =
          model.embedPixels(ParityTest.pixels(images.size(), size), images.size());
      float[][] textRows = model.embedTexts(ParityTest.strings(golden.path("prompts")));
      assertThat(leastCosine(imageRows, images)).isGreaterThanOrEqualTo(LEAST_COSINE);
      assertThat(leastCosine(textRows, expected.path("texts")))
          .isGreaterThanOrEqualTo(LEAST_COSINE);
      float scale = expected.path("logitScale").floatValue();
      assertClose(
          ParityTest.probabilities(imageRows, textRows, scale),
          ParityTest.probabilities(
              ParityTest.rows(images), ParityTest.rows(expected.path("texts")), scale));
    }
  }

  /** The control: computed in 32 bits, and with an activation as like as another can be. */
  @ParameterizedTest(name = "{0}: {2} for {1}")
  @CsvSource({"b32-F32, quick_gelu, gelu", "h14-F32, gelu, quick_gelu"})
  void theWrongActivationMissesTheBarIn32Bits(String name, String right, String wrong)
      throws Exception {
    Path folder = FOLDERS.resolve(name + "-control");
    Objects.requireNonNull(ParityCheckpoints.byName().get(name)).write(folder);
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace('"' + right + '"', '"' + wrong + '"'));
    JsonNode golden = ParityTest.golden();
    JsonNode expected = golden.path("checkpoints").path(name);
    JsonNode images = expected.path("images");

    try (ClipModel model = ClipModel.load(folder, F32)) {
      int size = model.checkpoint().imageSize();
      float[][] imageRows =
          model.embedPixels(ParityTest.pixels(images.size(), size), images.size());
      float[][] textRows = model.embedTexts(ParityTest.strings(golden.path("prompts")));
      assertThat(leastCosine(imageRows, images)).isBetween(0.9, LEAST_COSINE);
      assertThat(leastCosine(textRows, expected.path("texts"))).isBetween(0.9, LEAST_COSINE);
    }
  }

  /** Stored in each format: used where it lies, and converted from 32 bits and from bfloat16. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"b32-F16", "b32-F32", "b32-BF16", "h14-F16", "h14-F32", "h14-BF16"})
  void theGraphsForAGpuRunAndGiveTheSameEmbeddings(String name) throws Exception {
    Path folder = written(name);
    CheckpointFolder checkpoint = CheckpointFolder.open(folder);
    ClipConfig config = checkpoint.config();
    JsonNode images = ParityTest.golden().path("checkpoints").path(name).path("images");
    int count = images.size();
    int size = config.imageSize();
    ByteBuffer pixels = ParityTest.pixels(count, size);
    byte[] imageTower =
        ImageTowerGraph.build(config, checkpoint.pixels(), checkpoint.weights(), ComputeType.F16);
    try (OnnxModel tower = load(imageTower, checkpoint)) {
      float[][] rows =
          tower.run(
              List.of(ModelInput.bytes(ImageTowerGraph.PIXELS, pixels, count, size, size, 3)));
      assertThat(leastCosine(rows, images)).isGreaterThanOrEqualTo(LEAST_COSINE_OF_COARSE_PRODUCTS);
    }
    byte[] textTower = TextTowerGraph.build(config, checkpoint.weights(), ComputeType.F16);
    long end = config.vocabularySize() - 1L;
    long[] tokens = {end - 1, 320, 41, 7, end, 0, end - 1, 1, 2, end, 9, 9};
    try (OnnxModel half = load(textTower, checkpoint);
        OnnxModel single =
            load(TextTowerGraph.build(config, checkpoint.weights(), ComputeType.F32), checkpoint)) {
      List<ModelInput> prompts =
          List.of(
              ModelInput.longs(TextTowerGraph.TOKENS, tokens, 2, 6),
              ModelInput.longs(TextTowerGraph.END, new long[] {4, 3}, 2, 1));
      float[][] expected = single.run(prompts);
      float[][] rows = half.run(prompts);
      for (int row = 0; row < rows.length; row++) {
        assertThat(cosine(rows[row], expected[row]))
            .isGreaterThanOrEqualTo(LEAST_COSINE_OF_COARSE_PRODUCTS);
      }
    }
  }

  private static OnnxModel load(byte[] graph, CheckpointFolder checkpoint) {
    return OnnxModel.load(
        "half",
        graph,
        checkpoint.weights().folder(),
        RunDevice.resolve(new DeviceChoice.Cpu()),
        new OnnxModel.Concurrency(1, 1));
  }

  private static Path written(String name) throws Exception {
    Path folder = FOLDERS.resolve(name);
    Objects.requireNonNull(ParityCheckpoints.byName().get(name)).write(folder);
    return folder;
  }

  private static double leastCosine(float[][] rows, JsonNode expected) {
    assertThat(rows).hasDimensions(expected.size(), expected.path(0).size());
    double least = 1;
    for (int row = 0; row < rows.length; row++) {
      least = Math.min(least, ParityTest.cosine(rows[row], expected.path(row)));
    }
    return least;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squares += (double) a[i] * a[i];
      otherSquares += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squares * otherSquares);
  }

  private static void assertClose(double[][] actual, double[][] expected) {
    for (int image = 0; image < expected.length; image++) {
      for (int text = 0; text < expected[image].length; text++) {
        assertThat(actual[image][text]).isCloseTo(expected[image][text], within(2e-3));
      }
    }
  }
}
