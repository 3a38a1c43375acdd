package dev.tagstream.topology.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageInfo;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.Origin;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.SchemaExport;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Publishers and consumers that know nothing of Tagstream but its topics and schemas: Kafka's
 * clients and Confluent's serializers, configured with text, over generic records.
 */
final class PlainClientsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Map<TopicRecord, String> TOPICS =
      Map.of(
          TopicRecord.IMAGE_EVENT, "plain-image-events",
          TopicRecord.IMAGE_EMBEDDING, "plain-image-embeddings");

  private static EmbeddedBroker broker;
  private static String registryUrl;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(BrokerOptions.temporary());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              TOPICS.values().stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
          .all()
          .get();
    }
    registryUrl = ApicurioRegistry.shared().url();
    SchemaRegistration.register(RegistryConfig.at(registryUrl), TOPICS);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aPlainPublishersEventIsRead(@TempDir Path folder) throws Exception {
    SchemaExport.write(folder);
    Schema schema =
        new SchemaParser().parse(Files.readString(folder.resolve("ImageEvent.avsc"))).mainSchema();
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    source.put("uri", "file:/pictures/cat.jpg");
    GenericRecord event = new GenericData.Record(schema);
    event.put("eventId", "plain-1");
    event.put("source", source);
    event.put("occurredAt", NOON.toEpochMilli());
    event.put("labelSets", List.of("default", "animals"));
    event.put("attributes", Map.of());

    publish("plain-image-events", event);

    try (AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at(registryUrl))) {
      byte[] bytes = readBytes("plain-image-events");
      ImageEvent read = codecs.codec(ImageEvent.class).fromBytes("plain-image-events", bytes);
      assertThat(read.getEventId()).isEqualTo("plain-1");
      assertThat(read.getSource().getUri()).isEqualTo("file:/pictures/cat.jpg");
      assertThat(read.getOccurredAt()).isEqualTo(NOON);
      assertThat(read.getLabelSets()).containsExactly("default", "animals");
    }
  }

  @Test
  void aPlainConsumerReadsAnEmbedding() throws Exception {
    ImageEmbedding embedding =
        ImageEmbedding.newBuilder()
            .setEventId("plain-2")
            .setModel(new ModelIdentity("starter", "r1", "ab".repeat(32), 2, "fingerprint"))
            .setVector(List.of(0.6f, 0.8f))
            .setImage(new ImageInfo("cd".repeat(32), ImageFormat.PNG, 640, 480))
            .setOrigin(new Origin("plain-image-events", 0, 7L, NOON))
            .setOccurredAt(NOON)
            .setEmbeddedAt(NOON)
            .build();
    try (AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at(registryUrl))) {
      byte[] bytes =
          codecs.codec(ImageEmbedding.class).toBytes("plain-image-embeddings", embedding);
      publishBytes("plain-image-embeddings", bytes);
    }

    GenericRecord read = (GenericRecord) readValue("plain-image-embeddings");

    assertThat(read.get("eventId")).hasToString("plain-2");
    assertThat(read.get("vector")).isEqualTo(List.of(0.6f, 0.8f));
    assertThat(((GenericRecord) read.get("image")).get("format")).hasToString("PNG");
    assertThat(read.get("embeddedAt")).isEqualTo(NOON.toEpochMilli());
    assertThat(ByteBuffer.wrap(readBytes("plain-image-embeddings")).get()).isZero();
  }

  private static void publish(String topic, GenericRecord value) throws Exception {
    Properties config = new Properties();
    config.setProperty("bootstrap.servers", broker.bootstrapServers());
    config.setProperty("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    config.setProperty("value.serializer", "io.confluent.kafka.serializers.KafkaAvroSerializer");
    config.setProperty("schema.registry.url", registryUrl);
    config.setProperty("auto.register.schemas", "false");
    try (KafkaProducer<String, GenericRecord> producer = new KafkaProducer<>(config)) {
      producer.send(new ProducerRecord<>(topic, "key", value)).get();
    }
  }

  private static void publishBytes(String topic, byte[] value) throws Exception {
    Properties config = new Properties();
    config.setProperty("bootstrap.servers", broker.bootstrapServers());
    config.setProperty("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    config.setProperty(
        "value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(config)) {
      producer.send(new ProducerRecord<>(topic, "key", value)).get();
    }
  }

  private static byte[] readBytes(String topic) {
    return (byte[]) read(topic, "org.apache.kafka.common.serialization.ByteArrayDeserializer");
  }

  private static Object readValue(String topic) {
    return read(topic, "io.confluent.kafka.serializers.KafkaAvroDeserializer");
  }

  private static Object read(String topic, String valueDeserializer) {
    Properties config = new Properties();
    config.setProperty("bootstrap.servers", broker.bootstrapServers());
    config.setProperty("group.id", topic + "-" + valueDeserializer);
    config.setProperty("auto.offset.reset", "earliest");
    config.setProperty("isolation.level", "read_committed");
    config.setProperty(
        "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    config.setProperty("value.deserializer", valueDeserializer);
    config.setProperty("schema.registry.url", registryUrl);
    try (KafkaConsumer<String, Object> consumer = new KafkaConsumer<>(config)) {
      consumer.subscribe(List.of(topic));
      for (int attempt = 0; attempt < 60; attempt++) {
        for (ConsumerRecord<String, Object> record : consumer.poll(Duration.ofSeconds(1))) {
          return record.value();
        }
      }
    }
    throw new AssertionError("No record arrived on " + topic);
  }
}
