package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluates the starter model on bundled pictures, laid into folders. */
class EvaluateCommandTest {
  private static final Set<String> WORDS =
      Set.of("dog", "elephant", "sunflower", "hamburger", "airplane", "guitar");
  private static final String LABELS =
      """
      name: few
      templates: ["a drawing of a {}"]
      labels:
        - {id: d, name: Dog, prompts: [dog]}
        - elephant
        - sunflower
        - hamburger
        - airplane
        - guitar
      """;

  @TempDir static Path folder;
  private static Path images = Path.of("");
  private static Path wrong = Path.of("");
  private static Path labels = Path.of("");

  @BeforeAll
  static void prepare() throws IOException {
    labels = Files.writeString(folder.resolve("few.yaml"), LABELS);
    images = folder.resolve("images");
    wrong = folder.resolve("wrong.csv");
    StringBuilder csv = new StringBuilder("path,label\n");
    for (DemoPictures.Picture picture : DemoPictures.all()) {
      if (WORDS.contains(picture.word())) {
        Path of = Files.createDirectories(images.resolve(picture.word().toUpperCase(Locale.ROOT)));
        Files.write(of.resolve(picture.file()), picture.bytes());
        String other = picture.word().equals("dog") ? "guitar" : "Dog";
        csv.append("\"images/%s/%s\",%s\n".formatted(of.getFileName(), picture.file(), other));
      }
    }
    Files.writeString(wrong, csv);
  }

  @Test
  void jsonHasTheFiguresAndTheTruthMattersForThem() throws IOException {
    JsonNode right = json("--images", images.toString(), "--no-effects");
    JsonNode swapped = json("--images", wrong.toString(), "--no-effects");

    assertThat(right.get("images").asInt()).isEqualTo(6);
    assertThat(right.get("top1").asDouble()).isGreaterThan(0.5);
    assertThat(right.get("top5").asDouble()).isGreaterThanOrEqualTo(right.get("top1").asDouble());
    assertThat(right.get("ece").asDouble()).isBetween(0.0, 1.0);
    assertThat(right.get("perLabel")).hasSize(6);
    assertThat(right.get("temperature").get("fitted").asDouble()).isPositive();
    assertThat(swapped.get("images").asInt()).isEqualTo(6);
    assertThat(swapped.get("top1").asDouble()).isLessThan(right.get("top1").asDouble());
    assertThat(swapped.get("confusions")).isNotEmpty();
  }

  @Test
  void theSuggestedLabelsAreALabelSetWithThresholds() throws IOException {
    JsonNode facts = json("--images", images.toString(), "--no-effects");

    assertThat(LabelSetYaml.parse(facts.get("labelsYaml").asText()).labels())
        .hasSize(6)
        .allSatisfy(label -> assertThat(label.threshold()).isNotNull());
  }

  @Test
  void theEffectOfTheNamedTemplatesIsShown() throws IOException {
    JsonNode facts = json("--images", images.toString(), "--templates", "clip-7");

    assertThat(facts.get("templatesUsed").asText()).isEqualTo("clip-7");
    assertThat(facts.get("templates"))
        .extracting(effect -> effect.get("name").asText() + " " + effect.get("count").asInt())
        .containsExactly("none 0", "clip-7 7", "clip-80 80", "own 1");
    assertThat(facts.get("templates").get(1).get("ece").asDouble())
        .isCloseTo(facts.get("ece").asDouble(), within(1e-9));
  }

  @Test
  void aCheckpointComparedWithItselfDiffersInNothing() throws IOException {
    JsonNode compare =
        json("--images", images.toString(), "--no-effects", "--compare", "starter").get("compare");

    assertThat(compare.get("onlyFirst").asInt() + compare.get("onlySecond").asInt()).isZero();
    assertThat(compare.get("both").asInt() + compare.get("neither").asInt()).isEqualTo(6);
    assertThat(compare.get("pValue").asDouble()).isEqualTo(1);
  }

  @Test
  void aRandomCheckpointComparesWorse() throws IOException {
    Path random = folder.resolve("random");
    assertThat(CliRun.of("model", "random", "--like", "tiny", random.toString()).exitCode())
        .isZero();

    JsonNode facts =
        json("--images", images.toString(), "--no-effects", "--compare", random.toString());

    assertThat(facts.get("compare").get("top1").asDouble())
        .isLessThan(facts.get("top1").asDouble());
    assertThat(facts.get("compare").get("onlyFirst").asInt()).isPositive();
  }

  @Test
  void whatCannotBeEvaluatedIsCountedAndNamed() throws IOException {
    Path some = Files.createDirectories(folder.resolve("some"));
    byte[] dog = Files.readAllBytes(images.resolve("DOG").resolve("dog.jpg"));
    Files.write(Files.createDirectories(some.resolve("d")).resolve("good.jpg"), dog);
    Files.writeString(some.resolve("d").resolve("broken.png"), "no picture");
    Files.write(Files.createDirectories(some.resolve("wolf")).resolve("a.jpg"), dog);
    Files.write(some.resolve("loose.jpg"), dog);

    CliRun run = evaluate("--images", some.toString(), "--no-effects", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode facts = new ObjectMapper().readTree(run.out());
    assertThat(facts.get("images").asInt()).isEqualTo(1);
    assertThat(facts.get("skippedCount").asInt()).isEqualTo(3);
    assertThat(run.err()).contains("broken.png", "no label 'wolf'", "loose.jpg");
  }

  @Test
  void theReportIsOneEscapedFileWithThePicturesOfTheMistakes() throws IOException {
    Path csv = folder.resolve("escaped.csv");
    Path picture = folder.resolve("<script>&.jpg");
    Files.copy(images.resolve("DOG").resolve("dog.jpg"), picture);
    Files.writeString(csv, "label,path\nguitar," + picture.getFileName() + "\n");
    Path report = folder.resolve("report.html");

    CliRun run =
        evaluate("--images", csv.toString(), "--no-effects", "--report", report.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("top-1", "0.0 %", "taken for");
    assertThat(Files.readString(report))
        .contains("data:image/jpeg;base64,", "&lt;script&gt;&amp;.jpg", "color-scheme: light dark")
        .doesNotContain("<script")
        .doesNotContain("http://", "https://");
  }

  @Test
  void theReportOfAComparisonShowsWhatOnlyOneCheckpointLabelsRightly() throws IOException {
    Path random = folder.resolve("another");
    assertThat(CliRun.of("model", "random", "--like", "tiny", random.toString()).exitCode())
        .isZero();
    Path report = folder.resolve("compared.html");

    CliRun run =
        evaluate(
            "--images",
            images.toString(),
            "--no-effects",
            "--compare",
            random.toString(),
            "--report",
            report.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(report))
        .contains("Labels compared", "Only the first is right", "What another makes of them.");
    assertThat(run.out()).contains("McNemar's exact p = ");
  }

  @Test
  void everyPictureOfTheReportIsDescribedAndEveryLinkLeadsSomewhere() throws IOException {
    Path report = folder.resolve("read-aloud.html");

    CliRun run =
        evaluate("--images", wrong.toString(), "--no-effects", "--report", report.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    String html = Files.readString(report);
    assertThat(html.split("<img ", -1)).hasSizeGreaterThan(1);
    assertThat(html).doesNotContain("<img src", "alt=\"\"");
    assertThat(Pattern.compile("href=\"#([^\"]+)\"").matcher(html).results())
        .isNotEmpty()
        .allSatisfy(link -> assertThat(html).contains("id=\"" + link.group(1) + "\""));
  }

  private static JsonNode json(String... options) throws IOException {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "--json";
    CliRun run = evaluate(all);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).hasLineCount(1);
    return new ObjectMapper().readTree(run.out());
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
