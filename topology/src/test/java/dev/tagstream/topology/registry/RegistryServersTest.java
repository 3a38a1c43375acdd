package dev.tagstream.topology.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.CompatibilityFinding;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.SchemaCompatibility;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.SchemaRegistration.Outcome;
import dev.tagstream.schemas.SchemaRegistration.Registration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.schemas.UndecodableRecordException;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.containers.Containers;
import dev.tagstream.topology.containers.RegistryContainer;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same guarantees at a real registry server, in a process and, where there is an engine, in a
 * container, and at the embedded one.
 */
final class RegistryServersTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static EmbeddedRegistry embedded;
  private static @Nullable RegistryContainer container;

  enum Server {
    APICURIO,
    CONTAINER,
    EMBEDDED;

    RegistryConfig config() {
      return RegistryConfig.at(
          switch (this) {
            case APICURIO -> ApicurioRegistry.shared().url();
            case CONTAINER -> Objects.requireNonNull(container).url();
            case EMBEDDED -> embedded.url();
          });
    }
  }

  @BeforeAll
  static void start() throws Exception {
    embedded = EmbeddedRegistry.start(0);
    if (Containers.obstacle(Containers.registryImage()).isEmpty()) {
      container = RegistryContainer.start();
    }
  }

  @AfterAll
  static void stop() {
    embedded.close();
    if (container != null) {
      container.close();
    }
  }

  static List<Server> servers() {
    return container == null ? List.of(Server.APICURIO, Server.EMBEDDED) : List.of(Server.values());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everySchemaIsRegisteredOnceAndFoundCompatible(Server server) throws Exception {
    Map<TopicRecord, String> topics = freshTopics();
    assertThat(SchemaRegistration.missing(server.config(), topics)).hasSize(5);

    List<Registration> first = SchemaRegistration.register(server.config(), topics);
    List<Registration> second = SchemaRegistration.register(server.config(), topics);

    assertThat(first).extracting(Registration::outcome).containsOnly(Outcome.REGISTERED);
    assertThat(second).extracting(Registration::outcome).containsOnly(Outcome.UNCHANGED);
    assertThat(SchemaRegistration.missing(server.config(), topics)).isEmpty();
    assertThat(SchemaCompatibility.againstRegistry(server.config(), topics))
        .hasSize(5)
        .allMatch(CompatibilityFinding::compatible);
  }

  @ParameterizedTest
  @MethodSource("servers")
  void theSubjectsRefuseAnIncompatibleSchema(Server server) throws Exception {
    Map<TopicRecord, String> topics = freshTopics();
    SchemaRegistration.register(server.config(), topics);
    String subject = TopicRecord.subject(topic(topics, TopicRecord.IMAGE_LABELS));
    String text = TopicRecord.IMAGE_LABELS.schemaText();
    AvroSchema broken =
        new AvroSchema(
            text.replace(
                "{\"name\":\"labelSet\",",
                "{\"name\":\"shop\",\"type\":\"int\"},{\"name\":\"labelSet\","));
    assertThat(broken.canonicalString()).isNotEqualTo(text);

    assertThatThrownBy(() -> client(server).register(subject, broken))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(409));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void whatOneProcessWritesAnotherReads(Server server) throws Exception {
    Map<TopicRecord, String> topics = freshTopics();
    SchemaRegistration.register(server.config(), topics);
    String topic = topic(topics, TopicRecord.IMAGE_EVENT);
    ImageEvent event = Events.sample("event-1");
    byte[] bytes;
    try (AvroCodecs writer = AvroCodecs.connect(server.config())) {
      bytes = writer.codec(ImageEvent.class).toBytes(topic, event);
    }

    try (AvroCodecs reader = AvroCodecs.connect(server.config())) {
      assertThat(reader.codec(ImageEvent.class).fromBytes(topic, bytes)).isEqualTo(event);
    }
    assertThat(bytes[0]).isZero();
    int id = ByteBuffer.wrap(bytes).getInt(1);
    assertThat(client(server).getSchemaById(id).canonicalString())
        .isEqualTo(TopicRecord.IMAGE_EVENT.schemaText());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void anUnknownSchemaIdIsTheRecordsFault(Server server) {
    try (AvroCodecs codecs = AvroCodecs.connect(server.config())) {
      ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);

      assertThatThrownBy(() -> codec.fromBytes("image-events", new byte[] {0, 1, 2, 3, 4, 5}))
          .isInstanceOf(UndecodableRecordException.class)
          .hasMessageContaining("16909060")
          .hasMessageContaining("does not know");
    }
  }

  private static CachedSchemaRegistryClient client(Server server) {
    return new CachedSchemaRegistryClient(server.config().urls(), 10);
  }

  private static Map<TopicRecord, String> freshTopics() {
    int run = RUNS.incrementAndGet();
    Map<TopicRecord, String> topics = new EnumMap<>(TopicRecord.class);
    TopicRecord.defaultTopics()
        .forEach((record, topic) -> topics.put(record, "servers-" + run + "-" + topic));
    return topics;
  }

  private static String topic(Map<TopicRecord, String> topics, TopicRecord record) {
    return Objects.requireNonNull(topics.get(record));
  }
}
