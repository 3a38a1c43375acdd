package dev.tagstream.topology.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.schemas.SchemaExport;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.topology.TagstreamApplication;
import dev.tagstream.topology.admin.TopicAdmin;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application between a publisher and a consumer that know nothing of it but its topics and the
 * text of its schemas: Kafka's clients and Confluent's serializers, configured with text, over
 * generic records, with a real broker and a real registry server.
 */
final class PlainClientsTest {
  private static final long OCCURRED_AT = 1_772_366_400_123L;

  @TempDir private static Path folder;

  private static EmbeddedBroker broker;
  private static String registryUrl;
  private static TagstreamApplication application;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(BrokerOptions.temporary());
    registryUrl = ApicurioRegistry.shared().url();
    RandomCheckpoint.write(folder.resolve("model"), CheckpointShape.named("tiny"), 1);
    Files.writeString(folder.resolve("labels.yaml"), "{labels: [dog, cat, boat]}");
    SchemaExport.write(folder.resolve("schemas"));
    TagstreamConfig config = ConfigLoader.defaults(settings());
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      new TopicAdmin(admin, config).createMissing();
    }
    SchemaRegistration.register(config.registry().client(), config.topics().byRecord());
    application = TagstreamApplication.start(config);
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("registry.urls", registryUrl);
    settings.put("application.id", "plain");
    settings.put("application.stateDir", folder.resolve("state").toString());
    for (String topic : List.of("events", "embeddings", "labels", "rejects", "labelSets")) {
      settings.put("topics." + topic, "plain-" + topic);
    }
    settings.put("topics.partitions", "1");
    settings.put("topics.replication", "1");
    settings.put("topics.minInSyncReplicas", "1");
    settings.put("model.path", folder.resolve("model").toString());
    settings.put("labels.files", folder.resolve("labels.yaml").toString());
    return settings;
  }

  @AfterAll
  static void stop() {
    application.close();
    broker.close();
  }

  @Test
  void aPlainPublishersPictureReachesAPlainConsumer() throws Exception {
    publish(event("picture", DemoPictures.all().get(0).bytes()));

    ConsumerRecord<String, GenericRecord> embedding = read("plain-embeddings", "picture");
    ConsumerRecord<String, GenericRecord> labels = read("plain-labels", "picture");

    assertThat(embedding.key()).isEqualTo("key-picture");
    assertThat((List<?>) embedding.value().get("vector"))
        .hasSize((int) ((GenericRecord) embedding.value().get("model")).get("dimension"));
    assertThat(embedding.value().get("occurredAt")).isEqualTo(OCCURRED_AT);
    assertThat(((GenericRecord) embedding.value().get("origin")).get("topic"))
        .hasToString("plain-events");
    assertThat(new String(header(embedding, "tagstream-embedding-space"), StandardCharsets.UTF_8))
        .contains(((GenericRecord) embedding.value().get("model")).get("weightsSha256").toString());
    assertThat((List<?>) labels.value().get("labels"))
        .extracting(label -> ((GenericRecord) label).get("name").toString())
        .containsExactlyInAnyOrder("dog", "cat", "boat");
  }

  @Test
  void aPlainPublishersBrokenPictureIsARejectForAPlainConsumer() throws Exception {
    publish(event("broken", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0}));

    GenericRecord reject = read("plain-rejects", "broken").value();

    assertThat(reject.get("reason")).hasToString("UNDECODABLE_IMAGE");
    assertThat(reject.get("stage")).hasToString("DECODE");
    assertThat(reject.getSchema().getFullName()).isEqualTo("dev.tagstream.events.RejectedImage");
  }

  private static GenericRecord event(String id, byte[] picture) throws Exception {
    Schema schema =
        new SchemaParser()
            .parse(Files.readString(folder.resolve("schemas").resolve("ImageEvent.avsc")))
            .mainSchema();
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    source.put("bytes", ByteBuffer.wrap(picture));
    GenericRecord event = new GenericData.Record(schema);
    event.put("eventId", id);
    event.put("source", source);
    event.put("occurredAt", OCCURRED_AT);
    event.put("labelSets", List.of("default"));
    event.put("attributes", Map.of());
    return event;
  }

  private static void publish(GenericRecord event) throws Exception {
    Properties config = new Properties();
    config.setProperty("bootstrap.servers", broker.bootstrapServers());
    config.setProperty("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    config.setProperty("value.serializer", "io.confluent.kafka.serializers.KafkaAvroSerializer");
    config.setProperty("schema.registry.url", registryUrl);
    config.setProperty("auto.register.schemas", "false");
    try (KafkaProducer<String, GenericRecord> producer = new KafkaProducer<>(config)) {
      String key = "key-" + event.get("eventId");
      producer.send(new ProducerRecord<>("plain-events", key, event)).get();
    }
  }

  private static ConsumerRecord<String, GenericRecord> read(String topic, String eventId) {
    Properties config = new Properties();
    config.setProperty("bootstrap.servers", broker.bootstrapServers());
    config.setProperty("group.id", "readers-of-" + topic + "-" + eventId);
    config.setProperty("auto.offset.reset", "earliest");
    config.setProperty("isolation.level", "read_committed");
    config.setProperty(
        "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    config.setProperty(
        "value.deserializer", "io.confluent.kafka.serializers.KafkaAvroDeserializer");
    config.setProperty("schema.registry.url", registryUrl);
    try (KafkaConsumer<String, GenericRecord> consumer = new KafkaConsumer<>(config)) {
      consumer.subscribe(List.of(topic));
      for (int attempt = 0; attempt < 120; attempt++) {
        for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.value().get("eventId").toString().equals(eventId)) {
            return record;
          }
        }
      }
    }
    throw new AssertionError("No record for " + eventId + " arrived on " + topic);
  }

  private static byte[] header(ConsumerRecord<?, ?> record, String name) {
    return record.headers().lastHeader(name).value();
  }
}
