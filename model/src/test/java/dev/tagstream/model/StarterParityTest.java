package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.runtime.DeviceChoice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The starter model in {@code model/starter} against Hugging Face transformers, from the same files
 * and texts. {@code model/training/evaluate.py golden} wrote what is compared with.
 */
class StarterParityTest {
  private static final Path CHECKPOINT = Path.of("starter");
  private static final Path DEMO =
      Path.of("../topology/src/main/resources/dev/tagstream/demo/images");
  private static final Pattern CARD_LINE =
      Pattern.compile("model\\.safetensors SHA-256: ([0-9a-f]{64})");

  private static JsonNode golden = JsonMapper.builder().build().createObjectNode();
  private static ClipModel model;

  @BeforeAll
  static void load() throws IOException {
    try (InputStream json =
        StarterParityTest.class.getResourceAsStream("/dev/tagstream/starter/golden.json")) {
      golden = JsonMapper.builder().build().readTree(Objects.requireNonNull(json));
    }
    model = ClipModel.load(CHECKPOINT, ModelOptions.defaults().on(new DeviceChoice.Cpu()));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theWeightsAreThoseOfTheModelCard() throws IOException {
    Matcher line = CARD_LINE.matcher(Files.readString(CHECKPOINT.resolve("README.md")));

    assertThat(line.find()).isTrue();
    assertThat(model.checkpoint().weightsSha256()).isEqualTo(line.group(1));
    assertThat(golden.path("weightsSha256").textValue()).isEqualTo(line.group(1));
  }

  @Test
  void theLogitScaleEqualsThatOfTransformers() {
    double expected = golden.path("logitScale").doubleValue();

    assertThat(model.checkpoint().logitScale() / expected).isBetween(0.9999, 1.0001);
  }

  @Test
  void textsHaveTheEmbeddingsOfTransformers() {
    List<String> texts = new ArrayList<>();
    golden.path("texts").forEach(text -> texts.add(text.path("text").textValue()));

    float[][] embeddings = model.embedTexts(texts);

    assertThat(texts).hasSizeGreaterThanOrEqualTo(20);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(cosine(embeddings[i], golden.path("texts").path(i).path("embedding")))
          .as(texts.get(i))
          .isGreaterThanOrEqualTo(0.99999);
    }
  }

  @Test
  void pictureFilesHaveThePixelsAndEmbeddingsOfTransformers() throws Exception {
    JsonNode images = golden.path("images");

    assertThat(images).hasSizeGreaterThanOrEqualTo(6);
    for (JsonNode image : images) {
      String name = image.path("file").textValue();
      byte[] file = Files.readAllBytes(DEMO.resolve(name));
      byte[] pixels = model.preprocessor().prepare(file).pixels();
      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels)))
          .as(name)
          .isEqualTo(image.path("pixelsSha256").textValue());
      assertThat(cosine(model.embedImage(file), image.path("embedding")))
          .as(name)
          .isGreaterThanOrEqualTo(0.9999);
    }
  }

  private static double cosine(float[] ours, JsonNode theirs) {
    assertThat(theirs).hasSize(ours.length);
    double dot = 0;
    double ourSquares = 0;
    double theirSquares = 0;
    for (int i = 0; i < ours.length; i++) {
      double other = theirs.path(i).doubleValue();
      dot += ours[i] * other;
      ourSquares += (double) ours[i] * ours[i];
      theirSquares += other * other;
    }
    return dot / Math.sqrt(ourSquares * theirSquares);
  }
}
