package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.model.StarterModel;
import dev.tagstream.model.hub.ModelLock;
import dev.tagstream.model.selftest.Figure;
import dev.tagstream.model.selftest.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The self-test on a random checkpoint, for which transformers gave the figures: {@code
 * model/src/test/python/make_selftest_figures.py}.
 */
class ModelSelftestCommandTest {
  @TempDir static Path folder = Path.of("");
  private static Path model = Path.of("");
  private static Path figures = Path.of("");

  @BeforeAll
  static void prepare() throws IOException {
    model = folder.resolve("model");
    CliRun made =
        CliRun.of("model", "random", "--like", "tiny", "--seed", "39769", model.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    figures = folder.resolve("figures.json");
    try (InputStream in =
        Objects.requireNonNull(
            ModelSelftestCommandTest.class.getResourceAsStream("tiny-figures.json"))) {
      Files.copy(in, figures);
    }
  }

  @Test
  void theFiguresOfTheReferenceAreMet() throws IOException {
    CliRun run = selftest(model, "--figures", figures.toString(), "--json");

    assertThat(run.exitCode()).as(run.out()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("passed").asBoolean()).isTrue();
    assertThat(outcome(report, "figure of transformers")).isEqualTo("PASSED");
    assertThat(outcome(report, "finite numbers")).isEqualTo("PASSED");
    assertThat(outcome(report, "an image alone")).isEqualTo("PASSED");
    assertThat(outcome(report, "on the device")).isEqualTo("SKIPPED");
  }

  @Test
  void in16BitsItIsComparedWith32OnTheCpu() throws IOException {
    CliRun run = selftest(model, "--compute", "f16", "--figures", figures.toString(), "--json");

    assertThat(run.exitCode()).as(run.out()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("compute").asText()).isEqualTo("F16 emulated");
    assertThat(outcome(report, "on the device")).isEqualTo("PASSED");
    assertThat(outcome(report, "figure of transformers")).isEqualTo("PASSED");
    assertThat(selftest(model, "--compute", "f16").out()).startsWith("on cpu in F16 emulated\n");
  }

  @Test
  void aWrongActivationIsCaughtByTheFiguresThoughEverythingElsePasses() throws IOException {
    Path wrong = copy("wrong-activation");
    Path config = wrong.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("quick_gelu", "gelu"));

    CliRun run = selftest(wrong, "--figures", figures.toString(), "--json");

    assertThat(run.exitCode()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("passed").asBoolean()).isFalse();
    assertThat(outcome(report, "figure of transformers")).isEqualTo("FAILED");
    assertThat(outcome(report, "finite numbers")).isEqualTo("PASSED");
  }

  @Test
  void anotherPictureThanThePublishedOneIsNotCompared() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    Files.write(pictures.resolve("CLIP.png"), new byte[] {1, 2, 3});

    CliRun run =
        selftest(model, "--figures", figures.toString(), "--pictures", pictures.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("another file than the published one");
  }

  @Test
  void aPictureThatIsNotHereIsSaidSo() throws IOException {
    Path other = folder.resolve("other.json");
    Files.writeString(
        other,
        "{\"figures\":[{\"source\":\"x\",\"picture\":\"none.jpg\",\"prompts\":[\"a\"],\"logits\":[1],\"tolerance\":1}]}");

    CliRun run = selftest(model, "--figures", other.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("skipped  figure of x: none.jpg is not here");
  }

  @Test
  void randomWeightsRankTheBundledPicturesNoBetterThanChanceAndThatIsDoubtful() {
    assertThat(selftest(model).out()).contains("doubtful bundled pictures ranked sensibly");
  }

  @Test
  void theStarterModelRanksTheBundledPictures() {
    assumeTrue(StarterModel.isPresent());

    CliRun run = CliRun.of("model", "selftest", "starter", "--device", "cpu");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("passed   bundled pictures ranked sensibly");
  }

  @Test
  void aPullEndsWithTheSelftest(@TempDir Path store) throws IOException {
    try (FolderHub hub = new FolderHub(model)) {
      CliRun run =
          CliRun.with(
              Map.of("TAGSTREAM_MODEL_STORE", store.toString()),
              "model",
              "pull",
              FolderHub.MODEL,
              "--hub",
              hub.url());

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).contains("passed   an image alone as in a batch");
    }
  }

  @Test
  void aPullIsComparedWithWhatWasPublishedForItsNameAndFailsWhereItDiffers(@TempDir Path store)
      throws IOException {
    String published = Figures.published().get(0).model();
    try (FolderHub hub = new FolderHub(model, published)) {
      CliRun run =
          CliRun.with(
              Map.of("TAGSTREAM_MODEL_STORE", store.toString()),
              "model",
              "pull",
              published,
              "--hub",
              hub.url(),
              "--json");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("does not compute what it should");
      JsonNode report = new ObjectMapper().readTree(run.out()).get("selftest");
      assertThat(report.get("passed").asBoolean()).isFalse();
      assertThat(outcome(report, "figure of README of openai/CLIP")).isEqualTo("FAILED");
      assertThat(outcome(report, "figure of integration test")).isEqualTo("SKIPPED");
      assertThat(outcome(report, "finite numbers")).isEqualTo("PASSED");
    }
  }

  @Test
  void aFolderIsComparedWithWhatWasPublishedForTheModelItIsSaidToBe() {
    String published = Figures.published().get(0).model();

    CliRun run = selftest(model, "--as", published);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("failed   figure of README of openai/CLIP");
    CliRun unknown = selftest(model, "--as", "nobody/nothing");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("nobody/nothing", published);
  }

  @Test
  void thatNothingPublishedWasComparedIsSaid() {
    assertThat(selftest(model).out()).contains("skipped  published figures: ", "--as", "--figures");
  }

  @Test
  void aFileWithoutFiguresIsNotTakenForOneThatIsMet() throws IOException {
    for (String content : new String[] {"{}", "{\"figures\": []}", "[1]", "no json"}) {
      Path empty = Files.writeString(folder.resolve("empty.json"), content);

      CliRun run = selftest(model, "--figures", empty.toString());

      assertThat(run.exitCode()).as(content).isEqualTo(2);
      assertThat(run.err()).contains("empty.json holds no figures");
    }
  }

  @Test
  void everyPublishedPictureComesAlongOrHasAnAddress() {
    assertThat(Figures.published()).hasSizeGreaterThan(1);
    for (Figure figure : Figures.published()) {
      Figure.Picture picture = figure.picture();
      Optional<String> bundled = Figures.picture(picture.name()).map(ModelLock::sha256);
      if (bundled.isPresent()) {
        assertThat(bundled).isEqualTo(picture.sha256());
      } else {
        assertThat(picture.address()).as(picture.name()).isPresent();
      }
    }
  }

  private static CliRun selftest(Path checkpoint, String... options) {
    String[] arguments = new String[options.length + 5];
    System.arraycopy(
        new String[] {"model", "selftest", checkpoint.toString(), "--device", "cpu"},
        0,
        arguments,
        0,
        5);
    System.arraycopy(options, 0, arguments, 5, options.length);
    return CliRun.of(arguments);
  }

  private static String outcome(JsonNode report, String check) {
    for (JsonNode found : report.get("checks")) {
      if (found.get("name").asText().startsWith(check)) {
        return found.get("outcome").asText();
      }
    }
    return "none";
  }

  private static Path copy(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (var files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
