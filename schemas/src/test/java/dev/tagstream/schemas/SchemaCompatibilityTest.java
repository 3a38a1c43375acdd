package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaCompatibilityTest {
  private static final String SCOPE = SchemaCompatibilityTest.class.getSimpleName();
  private static final Path RELEASED = Path.of("released");

  private final SchemaRegistryClient registry = MockSchemaRegistry.getClientForScope(SCOPE);
  private final RegistryConfig config = RegistryConfig.at("mock://" + SCOPE);

  @AfterEach
  void drop() {
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void everySchemaIsCompatibleWithEveryRelease() {
    List<CompatibilityFinding> findings = SchemaCompatibility.againstReleases();

    assertThat(findings).hasSizeGreaterThanOrEqualTo(TopicRecord.values().length);
    assertThat(findings)
        .allSatisfy(finding -> assertThat(finding.problems()).as(finding.against()).isEmpty());
  }

  @Test
  void theListOfReleasesNamesEveryFolder() throws Exception {
    try (Stream<Path> entries = Files.list(RELEASED)) {
      assertThat(Releases.versions())
          .containsExactlyInAnyOrderElementsOf(
              entries
                  .filter(Files::isDirectory)
                  .map(folder -> folder.getFileName().toString())
                  .toList());
    }
  }

  @Test
  void theExportIsWhatTheRegistryHolds(@TempDir Path folder) throws Exception {
    for (Path file : SchemaExport.write(folder.resolve("new"))) {
      String record = file.getFileName().toString().replace(".avsc", "");
      AvroSchema exported = new AvroSchema(Files.readString(file));
      assertThat(exported.rawSchema().getName()).isEqualTo(record);
      assertThat(exported).isIn(Stream.of(TopicRecord.values()).map(TopicRecord::schema).toList());
      assertThat(exported.canonicalString()).doesNotContain("avro.java.string");
    }
  }

  /** The control: that the check above can fail, for each kind of change that breaks someone. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a required field is added   | {"name":"eventId"                | {"name":"shop","type":"string"},{"name":"eventId"
          a required field is removed | {"name":"eventId","type":"string", | {"name":"x","type":"string","default":"",
          a field changes its type    | "sizeBytes","type":["null","long"] | "sizeBytes","type":["null","string"]
          """)
  void anIncompatibleChangeIsFound(String change, String from, String to) {
    String text = TopicRecord.IMAGE_EVENT.schemaText();
    assertThat(text).as("the schema contains what is changed").contains(from);
    AvroSchema changed = new AvroSchema(text.replace(from, to));

    assertThat(Incompatibilities.between(changed, TopicRecord.IMAGE_EVENT.schema()))
        .as(change)
        .isNotEmpty();
  }

  @Test
  void aProblemIsASentenceThatNamesTheField() {
    AvroSchema changed =
        new AvroSchema(
            TopicRecord.IMAGE_EVENT
                .schemaText()
                .replace(
                    "{\"name\":\"eventId\"",
                    "{\"name\":\"shop\",\"type\":\"string\"},{\"name\":\"eventId\""));

    assertThat(Incompatibilities.between(changed, TopicRecord.IMAGE_EVENT.schema()))
        .containsExactly(
            "this version cannot read earlier records: field shop has no default, and those records"
                + " lack it");
  }

  @ParameterizedTest
  @EnumSource(TopicRecord.class)
  void anOptionalFieldMayBeAddedToEveryRecord(TopicRecord record) {
    AvroSchema grown =
        new AvroSchema(
            record
                .schemaText()
                .replaceFirst(
                    "\"fields\":\\[",
                    "\"fields\":[{\"name\":\"more\",\"type\":[\"null\",\"string\"],\"default\":null},"));

    assertThat(Incompatibilities.between(grown, record.schema())).isEmpty();
  }

  @Test
  void aReasonForRejectsMayBeAdded() {
    AvroSchema grown =
        new AvroSchema(
            TopicRecord.REJECTED_IMAGE
                .schemaText()
                .replace("\"RESULT_TOO_LARGE\"]", "\"RESULT_TOO_LARGE\",\"BORING_IMAGE\"]"));

    assertThat(grown).isNotEqualTo(TopicRecord.REJECTED_IMAGE.schema());
    assertThat(Incompatibilities.between(grown, TopicRecord.REJECTED_IMAGE.schema())).isEmpty();
  }

  @Test
  void everyVersionInTheRegistryIsComparedAndNotOnlyTheLatest() throws Exception {
    String text = TopicRecord.IMAGE_EVENT.schemaText();
    registry.register(
        "pictures-value",
        new AvroSchema(
            text.replace(
                "\"sizeBytes\",\"type\":[\"null\",\"long\"]",
                "\"sizeBytes\",\"type\":[\"null\",\"string\"]")));
    registry.register("pictures-value", TopicRecord.IMAGE_EVENT.schema());

    List<CompatibilityFinding> findings =
        SchemaCompatibility.againstRegistry(config, Map.of(TopicRecord.IMAGE_EVENT, "pictures"));

    assertThat(findings)
        .extracting(CompatibilityFinding::against)
        .containsExactly("pictures-value version 1", "pictures-value version 2");
    assertThat(findings).extracting(CompatibilityFinding::compatible).containsExactly(false, true);
    assertThat(findings.get(0).problems())
        .anyMatch(problem -> problem.contains("source.sizeBytes"));
  }

  @Test
  void aSubjectThatDoesNotExistYetHasNoFindings() {
    assertThat(SchemaCompatibility.againstRegistry(config, TopicRecord.defaultTopics())).isEmpty();
  }
}
