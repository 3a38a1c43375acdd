package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelsCommandTest {
  private final TopicsAndRegistry kafka = new TopicsAndRegistry("labels");

  LabelsCommandTest() throws Exception {}

  @AfterAll
  void stop() {
    kafka.close();
  }

  @Test
  void anAppliedSetIsListedAsItWasWritten(@TempDir Path folder) throws IOException {
    Path file =
        write(folder, "pets.yaml", "{name: pets, version: v7, topK: 2, labels: [cat, dog]}");

    CliRun applied = kafka.run("labels", "apply", file.toString());
    CliRun listed = kafka.run("labels", "list", "--json");

    assertThat(applied.exitCode()).as(applied.err()).isZero();
    assertThat(applied.err()).contains("applied pets, version v7: 2 labels");
    JsonNode set =
        listed
            .out()
            .lines()
            .map(LabelsCommandTest::json)
            .filter(line -> line.get("name").asText().equals("pets"))
            .findFirst()
            .orElseThrow();
    assertThat(set.get("version").asText()).isEqualTo("v7");
    assertThat(set.get("topK").asInt()).isEqualTo(2);
    assertThat(set.get("labels").get(1).get("prompts").get(0).asText()).isEqualTo("dog");
    assertThat(kafka.run("labels", "list").out()).contains("pets", "v7", "softmax");
  }

  @Test
  void oneWrongFileStopsAllBeforeAnythingIsPublished(@TempDir Path folder) throws IOException {
    Path good = write(folder, "good.yaml", "{name: untouched, labels: [a]}");
    Path bad = write(folder, "bad.yaml", "{name: bad, labels: [a, a]}");

    CliRun run = kafka.run("labels", "apply", good.toString(), bad.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("bad.yaml").contains("twice").hasLineCount(1);
    assertThat(kafka.run("labels", "list").out()).doesNotContain("untouched");
  }

  @Test
  void aDryRunChecksAndPublishesNothing(@TempDir Path folder) throws IOException {
    Path file = write(folder, "dry.yaml", "{name: dry, labels: [a]}");

    CliRun run = kafka.run("labels", "apply", "--dry-run", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("checked dry");
    assertThat(kafka.run("labels", "list").out()).doesNotContain("dry ");
  }

  @Test
  void aDeletedSetIsGoneAndDeletingItAgainIsAFailure(@TempDir Path folder) throws IOException {
    Path file = write(folder, "brief.yaml", "{name: brief, labels: [a]}");
    kafka.run("labels", "apply", file.toString());

    CliRun first = kafka.run("labels", "delete", "brief");
    CliRun second = kafka.run("labels", "delete", "brief");

    assertThat(first.exitCode()).isZero();
    assertThat(kafka.run("labels", "list").out()).doesNotContain("brief");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).contains("There is no label set 'brief'");
  }

  private static Path write(Path folder, String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml);
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
