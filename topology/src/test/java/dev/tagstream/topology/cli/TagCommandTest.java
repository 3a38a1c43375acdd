package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags with a small checkpoint of random weights: what it says does not matter here. */
class TagCommandTest {
  @TempDir static Path folder;
  private static Path model = Path.of("");
  private static Path dog = Path.of("");

  @BeforeAll
  static void prepare() throws IOException {
    model = folder.resolve("model");
    CliRun made = CliRun.of("model", "random", "--like", "tiny", model.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    dog = folder.resolve("dog.jpg");
    for (DemoPictures.Picture picture : DemoPictures.all()) {
      if (picture.file().equals("dog.jpg")) {
        Files.write(dog, picture.bytes());
      }
    }
  }

  @Test
  void jsonIsOneObjectAPictureWithAllLabelsAndTheEmbedding() throws IOException {
    CliRun run =
        CliRun.of(
            "tag",
            dog.toString(),
            "--labels",
            "a cat, a dog",
            "--model",
            model.toString(),
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).hasLineCount(1);
    JsonNode line = new ObjectMapper().readTree(run.out());
    assertThat(line.fieldNames()).toIterable().containsExactly("image", "labels", "embedding");
    assertThat(line.get("image").asText()).isEqualTo(dog.toString());
    assertThat(line.get("labels")).hasSize(2);
    assertThat(line.get("labels").get(0).fieldNames())
        .toIterable()
        .containsExactly("name", "similarity", "probability");
    assertThat(line.get("labels"))
        .extracting(label -> label.get("name").asText())
        .containsExactlyInAnyOrder("a cat", "a dog");
    double sum = 0;
    for (JsonNode label : line.get("labels")) {
      sum += label.get("probability").asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    double squares = 0;
    for (JsonNode number : line.get("embedding")) {
      squares += number.asDouble() * number.asDouble();
    }
    assertThat(squares).isCloseTo(1, within(1e-5));
  }

  @Test
  void aPictureThatCannotBeReadCostsItselfAloneAndTheExitCodeSaysSo() throws IOException {
    Path broken = Files.write(folder.resolve("broken.png"), new byte[] {1, 2, 3});

    CliRun run =
        CliRun.of(
            "tag",
            broken.toString(),
            dog.toString(),
            "--labels",
            "a,b",
            "--model",
            model.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("! " + broken);
    assertThat(run.out()).startsWith("dog.jpg").hasLineCount(1);
  }

  @Test
  void aFileOfGigabytesIsRefusedUnread() throws IOException {
    Path huge = folder.resolve("huge.png");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(3L << 30);
    }

    CliRun run = CliRun.of("tag", huge.toString(), "--labels", "a,b", "--model", model.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(huge + ": the file has 3221225472 bytes");
  }

  @Test
  void aCheckpointFolderThatDoesNotExistIsOneSentence() {
    CliRun run = CliRun.of("tag", dog.toString(), "--labels", "a", "--model", "/no/such/folder");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("/no/such/folder").hasLineCount(1);
  }

  @Test
  void labelsWithoutAWordAnUnknownDeviceAndAnUnknownFormatAreWrongUse() {
    assertThat(CliRun.of("tag", dog.toString(), "--labels", " , ").exitCode()).isEqualTo(2);
    CliRun device =
        CliRun.of(
            "tag", dog.toString(), "--labels", "a", "--model", model.toString(), "--device", "tpu");
    assertThat(device.exitCode()).isEqualTo(2);
    assertThat(device.err()).contains("cuda:N");
    CliRun format =
        CliRun.of(
            "tag", dog.toString(), "--labels", "a", "--model", model.toString(), "--compute", "f8");
    assertThat(format.exitCode()).isEqualTo(2);
    assertThat(format.err()).contains("auto, f32 or f16");
  }

  @Test
  void inspectSaysWhatACheckpointIs() throws IOException {
    CliRun json = CliRun.of("model", "inspect", model.toString(), "--json");
    CliRun text = CliRun.of("model", "inspect", model.toString());

    JsonNode facts = new ObjectMapper().readTree(json.out());
    assertThat(facts.get("dimension").asInt()).isEqualTo(32);
    assertThat(facts.get("imageSize").asInt()).isEqualTo(64);
    assertThat(facts.get("weightsSha256").asText()).hasSize(64);
    assertThat(text.out()).contains("weightsSha256").contains("activation");
  }

  @Test
  void inspectSaysWhereAndInWhichFormatTheModelWouldCompute() throws IOException {
    CliRun auto = CliRun.of("model", "inspect", model.toString(), "--device", "cpu", "--json");
    CliRun half = CliRun.of("model", "inspect", model.toString(), "--compute", "f16", "--json");

    assertThat(new ObjectMapper().readTree(auto.out()).get("device").asText()).isEqualTo("cpu");
    assertThat(new ObjectMapper().readTree(auto.out()).get("compute").asText()).isEqualTo("f32");
    assertThat(new ObjectMapper().readTree(half.out()).get("compute").asText()).isEqualTo("f16");
  }

  @Test
  void randomWeightsAreNotWrittenOverWhatIsThere() {
    CliRun again = CliRun.of("model", "random", "--like", "tiny", model.toString());
    CliRun unknown =
        CliRun.of("model", "random", "--like", "vit-z", folder.resolve("z").toString());

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("is not empty");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("vit-b-32");
  }

  @Test
  void theTopologyIsPrintedWithTheConfiguredTopics() {
    CliRun run = CliRun.of("topology", "--set", "topics.events=holiday-pictures");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("holiday-pictures", "image-embeddings", "image-rejects");
  }
}
