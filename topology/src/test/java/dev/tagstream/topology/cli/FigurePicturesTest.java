package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.hub.ModelLock;
import dev.tagstream.model.selftest.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of published figures that have to be fetched, from a server on loopback. */
class FigurePicturesTest {
  private static final String PICTURE = "published.png";
  private static final String MODEL = FolderHub.MODEL;

  @TempDir static Path folder = Path.of("");
  private static Path store = Path.of("");
  private static Path published = Path.of("");

  private final FolderHub server;

  FigurePicturesTest() throws IOException {
    server = new FolderHub(published);
  }

  @BeforeAll
  static void pull() throws IOException {
    Path checkpoint = folder.resolve("model");
    CliRun.of("model", "random", "--like", "tiny", "--seed", "39769", checkpoint.toString());
    store = folder.resolve("store");
    try (FolderHub hub = new FolderHub(checkpoint)) {
      CliRun pulled = run("pull", FolderHub.MODEL, "--hub", hub.url(), "--no-selftest");
      assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    }
    published = Files.createDirectories(folder.resolve("published"));
  }

  @AfterEach
  void forget() throws IOException {
    server.close();
    try (var files = Files.walk(store)) {
      for (Path file : files.filter(f -> f.endsWith(PICTURE)).toList()) {
        Files.delete(file);
      }
    }
  }

  @BeforeEach
  void publish() throws IOException {
    Files.write(published.resolve(PICTURE), Figures.picture("CLIP.png").orElseThrow());
  }

  @Test
  void aPictureIsFetchedByItsHashAndStaysWithThePulledModel() throws IOException {
    Path figures = figures("fetched", 1, false);

    CliRun first = run("selftest", MODEL, "--figures", figures.toString(), "--fetch");

    assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
    assertThat(first.out()).contains("passed   figure of transformers");
    Files.delete(published.resolve(PICTURE));
    CliRun later = run("selftest", MODEL, "--figures", figures.toString());
    assertThat(later.out()).contains("passed   figure of transformers");
    assertThat(run("verify", MODEL).exitCode()).isZero();
  }

  @Test
  void anotherFileThanThePublishedOneIsNotCompared() throws IOException {
    Files.write(published.resolve(PICTURE), new byte[] {1, 2, 3});

    CliRun run =
        run("selftest", MODEL, "--figures", figures("other", 1, false).toString(), "--fetch");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("skipped  figure of transformers")
        .contains("is another file: its SHA-256 is " + ModelLock.sha256(new byte[] {1, 2, 3}));
  }

  @Test
  void aPictureThatCannotBeHadFailsNothing() throws IOException {
    Path figures = figures("gone", 1, false);
    Files.writeString(figures, Files.readString(figures).replace("/resolve/", "/moved/"));

    CliRun run = run("selftest", MODEL, "--figures", figures.toString(), "--fetch");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("skipped  figure of transformers")
        .contains("answered with status 404");
  }

  @Test
  void nothingIsFetchedUnasked() throws IOException {
    CliRun run = run("selftest", MODEL, "--figures", figures("unasked", 1, false).toString());

    assertThat(run.out()).contains("let selftest --fetch get it from 127.0.0.1");
  }

  @Test
  void aFigureOfSecondHandThatIsNotMetIsDoubtful() throws IOException {
    Path figures = figures("second-hand", 2, true);

    CliRun run = run("selftest", MODEL, "--figures", figures.toString(), "--fetch");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("doubtful figure of transformers");
  }

  @Test
  void anyOtherFigureThatIsNotMetFails() throws IOException {
    Path figures = figures("first-hand", 2, false);

    CliRun run = run("selftest", MODEL, "--figures", figures.toString(), "--fetch");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("failed   figure of transformers");
  }

  /** What transformers gave for the picture, times a factor, of the picture at its address. */
  private Path figures(String name, double factor, boolean secondHand) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode file;
    try (InputStream in =
        Objects.requireNonNull(FigurePicturesTest.class.getResourceAsStream("tiny-figures.json"))) {
      file = (ObjectNode) json.readTree(in);
    }
    ObjectNode figure = (ObjectNode) file.get("figures").get(0);
    figure.put("picture", PICTURE);
    figure.put(
        "pictureUrl",
        "%s/%s/resolve/%s/%s".formatted(server.url(), FolderHub.MODEL, FolderHub.COMMIT, PICTURE));
    figure.put("secondHand", secondHand);
    var logits = figure.putArray("logits");
    for (double logit : new double[] {0.39205, 1.321045, 1.280941}) {
      logits.add(logit * factor);
    }
    return Files.writeString(folder.resolve(name + ".json"), json.writeValueAsString(file));
  }

  private static CliRun run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "model";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CliRun.with(Map.of("TAGSTREAM_MODEL_STORE", store.toString()), all);
  }
}
