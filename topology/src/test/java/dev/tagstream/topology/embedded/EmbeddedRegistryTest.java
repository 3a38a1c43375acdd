package dev.tagstream.topology.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.events.ImageEvent;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EmbeddedRegistryTest {
  private static final Schema FIRST =
      SchemaBuilder.record("Picture").fields().requiredString("id").endRecord();
  private static final Schema GROWN =
      SchemaBuilder.record("Picture")
          .fields()
          .requiredString("id")
          .optionalLong("size")
          .endRecord();
  private static final Schema BROKEN =
      SchemaBuilder.record("Picture").fields().requiredLong("id").endRecord();

  private final EmbeddedRegistry registry = EmbeddedRegistry.start(0);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aSchemaIsFoundByItsIdInAnotherClient() throws Exception {
    AvroSchema event = new AvroSchema(ImageEvent.getClassSchema());
    int id = client().register("image-events-value", event);

    assertThat(client().getSchemaById(id)).isEqualTo(event);
    assertThat(client().getSchemaBySubjectAndId("image-events-value", id)).isEqualTo(event);
    assertThat(client().getAllSubjects()).containsExactly("image-events-value");
    assertThat(client().getAllSubjectsById(id)).containsExactly("image-events-value");
  }

  @Test
  void theSameSchemaHasOneIdUnderEverySubjectAndIsRegisteredOnce() throws Exception {
    int id = client().register("a-value", new AvroSchema(FIRST));

    assertThat(client().register("a-value", new AvroSchema(FIRST))).isEqualTo(id);
    assertThat(client().register("b-value", new AvroSchema(FIRST))).isEqualTo(id);
    assertThat(client().getAllVersions("a-value")).containsExactly(1);
  }

  @Test
  void versionsAreNumberedAndTheLatestIsFound() throws Exception {
    client().register("a-value", new AvroSchema(FIRST));
    int grown = client().register("a-value", new AvroSchema(GROWN));

    assertThat(client().getAllVersions("a-value")).containsExactly(1, 2);
    assertThat(client().getLatestSchemaMetadata("a-value").getId()).isEqualTo(grown);
    assertThat(client().getSchemaMetadata("a-value", 1).getSchema()).isEqualTo(FIRST.toString());
    assertThat(client().getVersion("a-value", new AvroSchema(FIRST))).isEqualTo(1);
  }

  @Test
  void anIncompatibleSchemaIsAnsweredWith409AndNotRegistered() throws Exception {
    client().register("a-value", new AvroSchema(FIRST));

    assertError(409, 409, () -> client().register("a-value", new AvroSchema(BROKEN)));
    assertThat(client().testCompatibility("a-value", new AvroSchema(BROKEN))).isFalse();
    assertThat(client().testCompatibilityVerbose("a-value", new AvroSchema(BROKEN)))
        .anyMatch(reason -> reason.contains("id"));
    assertThat(client().testCompatibility("a-value", new AvroSchema(GROWN))).isTrue();
    assertThat(client().getAllVersions("a-value")).containsExactly(1);
  }

  @Test
  void compatibilityIsTransitiveUnlessConfiguredOtherwise() throws Exception {
    assertThat(client().getCompatibility(null)).isEqualTo("FULL_TRANSITIVE");
    client().register("a-value", new AvroSchema(FIRST));
    assertError(404, 40408, () -> client().getCompatibility("a-value"));

    client().updateCompatibility("a-value", "NONE");

    assertThat(client().getCompatibility("a-value")).isEqualTo("NONE");
    assertThat(client().register("a-value", new AvroSchema(BROKEN))).isPositive();
    client().deleteCompatibility("a-value");
    assertError(404, 40408, () -> client().getCompatibility("a-value"));
  }

  @Test
  void whatDoesNotExistHasConfluentsErrorCodes() throws Exception {
    client().register("a-value", new AvroSchema(FIRST));

    assertError(404, 40401, () -> client().getAllVersions("missing-value"));
    assertError(404, 40401, () -> client().getId("missing-value", new AvroSchema(FIRST)));
    assertError(404, 40402, () -> client().getSchemaMetadata("a-value", 9));
    assertError(404, 40403, () -> client().getId("a-value", new AvroSchema(GROWN)));
    assertError(404, 40403, () -> client().getSchemaById(99));
    assertThat(client().getAllSubjects()).containsExactly("a-value");
  }

  @Test
  void whatIsNotAllowedHasConfluentsErrorCodes() throws Exception {
    assertThat(post("/subjects/a-value/versions", "{\"schema\":\"{}\"}").body())
        .contains("\"error_code\":42201");
    assertThat(post("/subjects/a-value/versions", "{}").body()).contains("\"error_code\":42201");
    assertThat(post("/subjects/a-value/versions", "not json").statusCode()).isEqualTo(400);
    client().register("a-value", new AvroSchema(FIRST));
    assertThat(get("/subjects/a-value/versions/zero").body()).contains("\"error_code\":42202");
    assertError(422, 42203, () -> client().updateCompatibility("a-value", "SOMETIMES"));
    assertThat(get("/somewhere/else").statusCode()).isEqualTo(404);
    assertThat(post("/schemas/types", "{}").statusCode()).isEqualTo(405);
  }

  @Test
  void aRequestAboveTheLimitIsRefused() throws Exception {
    HttpResponse<String> answer =
        post("/subjects/a-value/versions", "{\"schema\":\"" + "x".repeat(2_000_000) + "\"}");

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void aReadOnlyRegistryRegistersNothing() throws Exception {
    assertThat(client().getMode()).isEqualTo("READWRITE");
    client().setMode("READONLY");

    assertError(422, 42205, () -> client().register("a-value", new AvroSchema(FIRST)));
    assertError(422, 42204, () -> client().setMode("SOMETIMES"));
  }

  @Test
  void aSchemaMayReferToOneOfAnotherSubject() throws Exception {
    client().register("picture", new AvroSchema(FIRST));
    String album =
        "{\"type\":\"record\",\"name\":\"Album\",\"fields\":[{\"name\":\"cover\",\"type\":\"Picture\"}]}";

    int id =
        client()
            .register(
                "album-value",
                new AvroSchema(
                    album,
                    List.of(new SchemaReference("Picture", "picture", 1)),
                    Map.of("Picture", FIRST.toString()),
                    null));

    assertThat(client().getSchemaById(id).references()).hasSize(1);
  }

  @Test
  void aSubjectsNameMayNeedEncoding() throws Exception {
    client().register("two words/and+more-value", new AvroSchema(FIRST));

    assertThat(client().getAllSubjects()).containsExactly("two words/and+more-value");
    assertThat(client().getAllVersions("two words/and+more-value")).containsExactly(1);
  }

  @Test
  void aTakenPortIsNamedInTheError() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedRegistry.start(taken.getLocalPort()))
          .isInstanceOf(EmbeddedRegistryException.class)
          .hasMessage(
              "The schema registry cannot listen on port %d (Address already in use); stop what"
                  + " listens there or choose another port.",
              taken.getLocalPort());
    }
  }

  private SchemaRegistryClient client() {
    return new CachedSchemaRegistryClient(registry.url(), 10);
  }

  private static void assertError(int status, int code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RestClientException.class,
            e -> {
              assertThat(e.getStatus()).isEqualTo(status);
              assertThat(e.getErrorCode()).isEqualTo(code);
            });
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(registry.url() + path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
