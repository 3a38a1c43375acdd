package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same weights in each layout, from the command line to the labels. */
class LayoutsCommandTest {
  private static final String OPEN_CLIP_CONFIG =
      """
      {"model_cfg": {
         "embed_dim": 32, "quick_gelu": true,
         "vision_cfg": {"image_size": 64, "patch_size": 16, "width": 64, "layers": 2, "head_width": 32},
         "text_cfg": {"context_length": 77, "vocab_size": 514, "width": 64, "layers": 2, "heads": 2}},
       "preprocess_cfg": {
         "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}}
      """;

  @TempDir static Path folder;
  private static Path huggingFace = Path.of("");
  private static Path openClip = Path.of("");
  private static Path pyTorch = Path.of("");
  private static Path dog = Path.of("");

  @BeforeAll
  static void layTheSameWeightsOutInEachWay() throws IOException {
    huggingFace = folder.resolve("hugging-face");
    CliRun made = CliRun.of("model", "random", "--like", "tiny", huggingFace.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    openClip = folder.resolve("open-clip");
    OtherLayouts.openClip(huggingFace, OPEN_CLIP_CONFIG, openClip);
    pyTorch = folder.resolve("py-torch");
    OtherLayouts.pyTorch(huggingFace, pyTorch);
    DemoPictures.Picture picture = DemoPictures.all().get(0);
    dog = Files.write(folder.resolve(picture.file()), picture.bytes());
  }

  @Test
  void anOpenClipFolderTagsAsTheSameWeightsOfHuggingFace() throws IOException {
    assertThat(inspected(openClip).get("layout").asText()).isEqualTo("OpenCLIP");
    assertSame(tagged(huggingFace), tagged(openClip));
  }

  @Test
  void aPyTorchFolderTagsAsTheSameWeightsInSafetensors() throws IOException {
    assertThat(inspected(pyTorch).get("layout").asText()).isEqualTo("Hugging Face");
    assertThat(inspected(pyTorch).get("parameters"))
        .isEqualTo(inspected(huggingFace).get("parameters"));
    assertSame(tagged(huggingFace), tagged(pyTorch));
  }

  @Test
  void aWeightsFileWithItsConfigurationBesideItTagsAsItsFolder() throws IOException {
    assertSame(tagged(huggingFace), tagged(huggingFace.resolve("model.safetensors")));
    assertSame(tagged(openClip), tagged(openClip.resolve("open_clip_model.safetensors")));
    assertSame(tagged(pyTorch), tagged(pyTorch.resolve("pytorch_model.bin")));
  }

  @Test
  void otherWeightsOfTheSameShapeDoNotTagAlike() throws IOException {
    Path other = folder.resolve("other");
    CliRun made = CliRun.of("model", "random", "--like", "tiny", "--seed", "2", other.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();

    assertThat(largestDifference(tagged(huggingFace), tagged(other))).isGreaterThan(0.01);
  }

  private static JsonNode inspected(Path model) throws IOException {
    CliRun run = CliRun.of("model", "inspect", model.toString(), "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static JsonNode tagged(Path model) throws IOException {
    CliRun run =
        CliRun.of(
            "tag",
            dog.toString(),
            "--labels",
            "a cat,a dog",
            "--model",
            model.toString(),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static void assertSame(JsonNode expected, JsonNode actual) {
    assertThat(largestDifference(expected, actual)).isLessThan(1e-5);
    for (int i = 0; i < 2; i++) {
      JsonNode label = actual.get("labels").get(i);
      assertThat(label.get("name")).isEqualTo(expected.get("labels").get(i).get("name"));
      assertThat(label.get("probability").asDouble())
          .isCloseTo(expected.get("labels").get(i).get("probability").asDouble(), within(1e-4));
    }
  }

  private static double largestDifference(JsonNode one, JsonNode other) {
    assertThat(one.get("embedding")).hasSameSizeAs(other.get("embedding")).isNotEmpty();
    double largest = 0;
    for (int i = 0; i < one.get("embedding").size(); i++) {
      double difference =
          one.get("embedding").get(i).asDouble() - other.get("embedding").get(i).asDouble();
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }
}
