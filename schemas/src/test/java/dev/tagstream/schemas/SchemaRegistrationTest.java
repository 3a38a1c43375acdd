package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.schemas.SchemaRegistration.Outcome;
import dev.tagstream.schemas.SchemaRegistration.Registration;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaRegistrationTest {
  private static final String SCOPE = SchemaRegistrationTest.class.getSimpleName();

  private final SchemaRegistryClient registry = MockSchemaRegistry.getClientForScope(SCOPE);
  private final RegistryConfig config = RegistryConfig.at("mock://" + SCOPE);
  private final Map<TopicRecord, String> topics = TopicRecord.defaultTopics();

  @AfterEach
  void drop() {
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void everySchemaIsRegisteredUnderItsTopicsSubjectAndLevel() throws Exception {
    assertThat(SchemaRegistration.missing(config, topics)).hasSize(5);

    List<Registration> results = SchemaRegistration.register(config, topics);

    assertThat(results).extracting(Registration::outcome).containsOnly(Outcome.REGISTERED);
    assertThat(results)
        .extracting(Registration::subject)
        .containsExactly(
            "image-events-value",
            "image-embeddings-value",
            "image-labels-value",
            "image-rejects-value",
            "label-sets-value");
    for (Registration result : results) {
      assertThat(registry.getLatestSchemaMetadata(result.subject()).getId()).isEqualTo(result.id());
      assertThat(registry.getCompatibility(result.subject())).isEqualTo("FULL_TRANSITIVE");
    }
    assertThat(SchemaRegistration.missing(config, topics)).isEmpty();
  }

  @Test
  void registeringAgainChangesNothing() throws Exception {
    List<Registration> first = SchemaRegistration.register(config, topics);

    List<Registration> second = SchemaRegistration.register(config, topics);

    assertThat(second).extracting(Registration::outcome).containsOnly(Outcome.UNCHANGED);
    assertThat(second)
        .extracting(Registration::id)
        .isEqualTo(first.stream().map(Registration::id).toList());
    assertThat(registry.getAllVersions("image-events-value")).containsExactly(1);
  }

  @Test
  void ifOneSchemaIsIncompatibleNoneIsRegistered() throws Exception {
    registry.register(
        "image-labels-value",
        new AvroSchema(
            """
            {"type":"record","name":"ImageLabels","namespace":"dev.tagstream.events",
             "fields":[{"name":"eventId","type":"long"}]}"""));

    List<Registration> results = SchemaRegistration.register(config, topics);

    assertThat(results)
        .filteredOn(result -> result.record() == TopicRecord.IMAGE_LABELS)
        .singleElement()
        .satisfies(
            labels -> {
              assertThat(labels.outcome()).isEqualTo(Outcome.INCOMPATIBLE);
              assertThat(labels.problems()).anyMatch(problem -> problem.contains("eventId"));
            });
    assertThat(results)
        .filteredOn(result -> result.record() != TopicRecord.IMAGE_LABELS)
        .extracting(Registration::outcome)
        .containsOnly(Outcome.NOT_ATTEMPTED);
    assertThat(registry.getAllVersions("image-labels-value")).containsExactly(1);
    assertThat(SchemaRegistration.missing(config, topics)).hasSize(5);
  }
}
