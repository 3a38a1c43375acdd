package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemasCommandTest {
  private final EmbeddedRegistry registry = EmbeddedRegistry.start(0);

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void registerPutsEverySchemaIntoTheRegistryOnce() throws Exception {
    CliRun first = run("register");
    CliRun second = run("register");

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out().lines()).hasSize(5).allMatch(line -> line.endsWith(" registered"));
    assertThat(second.out().lines()).hasSize(5).allMatch(line -> line.endsWith(" unchanged"));
    assertThat(client().getAllSubjects()).hasSize(5).contains("image-events-value");
  }

  @Test
  void checkFitsWhatHasBeenRegisteredAndEveryRelease() {
    run("register");

    CliRun check = run("check");

    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(check.out())
        .contains("release 0.1.0")
        .contains("image-events-value version 1")
        .doesNotContain("DOES NOT FIT");
  }

  @Test
  void checkAndRegisterFailOnASchemaThatDoesNotFitAndNameTheField() throws Exception {
    client()
        .register(
            "image-events-value",
            new AvroSchema(
                TopicRecord.IMAGE_EVENT
                    .schemaText()
                    .replace(
                        "\"sizeBytes\",\"type\":[\"null\",\"long\"]",
                        "\"sizeBytes\",\"type\":[\"null\",\"string\"]")));

    CliRun check = run("check");
    CliRun register = run("register");

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out()).contains("DOES NOT FIT");
    assertThat(check.err()).contains("source.sizeBytes");
    assertThat(register.exitCode()).isEqualTo(1);
    assertThat(register.out()).contains("incompatible").contains("not attempted");
    assertThat(client().getAllSubjects()).containsExactly("image-events-value");
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNamedInOneSentence() {
    registry.close();

    CliRun check = run("check", "--set", "registry.properties.max.retries=0");

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.err()).contains("The schema registry at " + registry.url());
  }

  @Test
  void exportWritesSchemasThatAreCompleteInThemselves(@TempDir Path folder) throws Exception {
    CliRun export = CliRun.of("schemas", "export", folder.resolve("out").toString());

    assertThat(export.exitCode()).as(export.err()).isZero();
    List<String> schemas = new ArrayList<>();
    for (String file : export.out().lines().toList()) {
      schemas.add(new AvroSchema(Files.readString(Path.of(file))).canonicalString());
    }
    assertThat(schemas)
        .containsExactlyElementsOf(
            Stream.of(TopicRecord.values()).map(TopicRecord::schemaText).toList());
  }

  @Test
  void showPrintsASchema() {
    CliRun show = CliRun.of("schemas", "show", "image_event");

    assertThat(new AvroSchema(show.out()).canonicalString())
        .isEqualTo(TopicRecord.IMAGE_EVENT.schemaText());
  }

  private CliRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("schemas", command));
    all.addAll(List.of("--set", "registry.urls=" + registry.url()));
    all.addAll(List.of(arguments));
    return CliRun.of(all.toArray(String[]::new));
  }

  private SchemaRegistryClient client() {
    return new CachedSchemaRegistryClient(registry.url(), 10);
  }
}
