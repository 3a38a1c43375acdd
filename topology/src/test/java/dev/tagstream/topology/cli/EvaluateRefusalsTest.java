package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code evaluate} is told and cannot use, told before minutes are spent. */
class EvaluateRefusalsTest {
  @TempDir static Path folder;
  private static Path images = Path.of("");
  private static Path labels = Path.of("");

  @BeforeAll
  static void prepare() throws IOException {
    labels = Files.writeString(folder.resolve("few.yaml"), "labels: [dog, elephant]\n");
    images = folder.resolve("images");
    DemoPictures.Picture dog = DemoPictures.all().get(0);
    Files.write(Files.createDirectories(images.resolve("dog")).resolve(dog.file()), dog.bytes());
  }

  @Test
  void wrongUseIsToldFromNothingToEvaluate() throws IOException {
    Path headless = Files.writeString(folder.resolve("headless.csv"), "a.jpg,dog\nb.jpg,dog\n");
    Path missing = Files.writeString(folder.resolve("missing.csv"), "path,label\nno.jpg,dog\n");

    CliRun header = evaluate("--images", headless.toString());
    assertThat(header.exitCode()).isEqualTo(2);
    assertThat(header.err()).contains("path and label");
    assertThat(evaluate("--images", "/no/such/folder").exitCode()).isEqualTo(2);
    assertThat(evaluate("--images", images.toString(), "--templates", "clip-8").exitCode())
        .isEqualTo(2);
    CliRun nothing = evaluate("--images", missing.toString());
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(nothing.err()).contains("no.jpg: there is no such file", "could be evaluated");
  }

  @Test
  void whatComesLastIsCheckedBeforeMinutesAreSpent() {
    CliRun place = evaluate("--images", images.toString(), "--report", "/no/such/folder/r.html");
    CliRun other = evaluate("--images", images.toString(), "--compare", "/no/such/checkpoint");

    assertThat(place.exitCode()).isEqualTo(2);
    assertThat(place.err()).contains("--report").contains("/no/such/folder/r.html");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("/no/such/checkpoint").doesNotContain("images:");
  }

  @Test
  void aComparisonWithADamagedCheckpointIsRefusedBeforeTheFirstIsLoaded() throws IOException {
    Path damaged = folder.resolve("damaged");
    assertThat(CliRun.of("model", "random", "--like", "tiny", damaged.toString()).exitCode())
        .isZero();
    Path weights = damaged.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    // The last number of the last tensor becomes a NaN: only who reads everything sees it.
    bytes[bytes.length - 1] = (byte) 0x7f;
    bytes[bytes.length - 2] = (byte) 0xc0;
    Files.write(weights, bytes);

    CliRun run = evaluate("--images", images.toString(), "--compare", damaged.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("is NaN").doesNotContain("images:");
  }

  @Test
  void aReportIsNotWrittenOverWhatIsRead() throws IOException {
    Path csv = Files.writeString(folder.resolve("truth.csv"), "path,label\nno.jpg,dog\n");

    for (Path read : new Path[] {labels, csv}) {
      CliRun run = evaluate("--images", csv.toString(), "--report", read.toString());

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("would overwrite " + read);
    }
    assertThat(labels).content().startsWith("labels:");
  }

  @Test
  void aFolderWithoutPicturesIsToldHowToBeLaidOut() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));

    CliRun run = evaluate("--images", empty.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("has no pictures", "a folder of pictures for each label");
  }

  @Test
  void filesThatAreNotInUtf8AreToldSo() throws IOException {
    Path text =
        Files.write(
            folder.resolve("latin.txt"),
            "path,label\nKäse.jpg,{}\n".getBytes(StandardCharsets.ISO_8859_1));

    CliRun csv = evaluate("--images", text.toString());
    CliRun templates = evaluate("--images", images.toString(), "--templates", text.toString());
    CliRun set = CliRun.of("evaluate", "--images", images.toString(), "--labels", text.toString());

    for (CliRun run : new CliRun[] {csv, templates, set}) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("latin.txt", "UTF-8").doesNotContain("Input length");
    }
  }

  @Test
  void anEmptyCsvFileIsToldWhatItNeeds() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.csv"));

    CliRun run = evaluate("--images", empty.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("empty.csv is empty", "path and label");
  }

  private static CliRun evaluate(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "evaluate";
    all[1] = "--labels";
    all[2] = labels.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return CliRun.of(all);
  }
}
