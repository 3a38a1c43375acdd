package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValueCodecTest {
  private static final String SCOPE = ValueCodecTest.class.getSimpleName();
  private static final String EVENTS = "image-events";
  private static final String EMBEDDINGS = "image-embeddings";

  private final SchemaRegistryClient registry = MockSchemaRegistry.getClientForScope(SCOPE);
  private final AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at("mock://" + SCOPE));

  @BeforeEach
  void register() throws Exception {
    for (TopicRecord record : TopicRecord.values()) {
      registry.register(
          TopicRecord.subject(record.defaultTopic()), new AvroSchema(record.schemaText()));
    }
  }

  @AfterEach
  void drop() {
    codecs.close();
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void aRecordComesBackAsItWasWritten() throws Exception {
    ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);

    ImageEvent read = codec.fromBytes(EVENTS, codec.toBytes(EVENTS, SampleRecords.event()));

    assertThat(read).isEqualTo(SampleRecords.event());
    assertThat(read.getOccurredAt()).isEqualTo(SampleRecords.NOON);
    assertThat(read.getLabelSets()).containsExactly("default");
  }

  @Test
  void theBytesAreConfluentsWireFormat() throws Exception {
    byte[] bytes = codecs.codec(ImageEvent.class).toBytes(EVENTS, SampleRecords.event());

    int id = registry.getId("image-events-value", TopicRecord.IMAGE_EVENT.schema());
    assertThat(bytes[0]).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
    byte[] avro = ImageEvent.getEncoder().encode(SampleRecords.event()).array();
    int singleObjectHeader = 10;
    assertThat(bytes.length - 5).isEqualTo(avro.length - singleObjectHeader);
  }

  @Test
  void confluentsOwnDeserializerReadsWhatWeWrite() {
    byte[] bytes =
        codecs.codec(ImageEmbedding.class).toBytes(EMBEDDINGS, SampleRecords.embedding());

    GenericRecord read =
        (GenericRecord) new KafkaAvroDeserializer(registry).deserialize(EMBEDDINGS, bytes);

    assertThat(read.get("vector")).isEqualTo(List.of(0.6f, 0.8f));
    assertThat(((GenericRecord) read.get("image")).get("format")).hasToString("JPEG");
  }

  @Test
  void aWriterWithANewerSchemaIsRead() throws Exception {
    Schema newer =
        new SchemaParser()
            .parse(
                TopicRecord.IMAGE_EMBEDDING
                    .schemaText()
                    .replace("\"TIFF\"]", "\"TIFF\",\"AVIF\"]")
                    .replace(
                        "{\"name\":\"embeddedAt\"",
                        "{\"name\":\"region\",\"type\":\"string\",\"default\":\"\"},"
                            + "{\"name\":\"embeddedAt\""))
            .mainSchema();
    registry.register("image-embeddings-value", new AvroSchema(newer));
    GenericRecord written = asGeneric(newer, SampleRecords.embedding());
    written.put("region", "north");
    Schema image = newer.getField("image").schema();
    ((GenericRecord) written.get("image"))
        .put("format", new GenericData.EnumSymbol(image.getField("format").schema(), "AVIF"));
    byte[] bytes = serializerOf(registry).serialize(EMBEDDINGS, written);

    ImageEmbedding read = codecs.codec(ImageEmbedding.class).fromBytes(EMBEDDINGS, bytes);

    assertThat(read.getVector()).containsExactly(0.6f, 0.8f);
    assertThat(read.getImage().getFormat()).hasToString("UNKNOWN");
  }

  @Test
  void aRecordOfAnotherTopicIsUndecodable() {
    byte[] embedding =
        codecs.codec(ImageEmbedding.class).toBytes(EMBEDDINGS, SampleRecords.embedding());
    registerUnder("image-events-value", TopicRecord.IMAGE_EMBEDDING);

    assertThatThrownBy(() -> codecs.codec(ImageEvent.class).fromBytes(EVENTS, embedding))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("cannot be read as ImageEvent")
        .hasMessageContaining("source");
  }

  @Test
  void aTopicWithoutItsSchemaCannotBeWritten() {
    assertThatThrownBy(
            () -> codecs.codec(ImageEvent.class).toBytes("other-topic", SampleRecords.event()))
        .isInstanceOf(SchemaNotRegisteredException.class)
        .hasMessageContaining("other-topic-value")
        .hasMessageContaining("tagstream schemas register");
    assertThatThrownBy(() -> registry.getLatestSchemaMetadata("other-topic-value"))
        .hasMessageContaining("40401");
  }

  @Test
  void aValueWithoutARequiredFieldIsRefused() {
    ImageEvent incomplete = SampleRecords.event();
    incomplete.setSource(null);

    assertThatThrownBy(() -> codecs.codec(ImageEvent.class).toBytes(EVENTS, incomplete))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ImageEvent does not fit its schema")
        .hasMessageContaining("source");
  }

  @Test
  void aClassThatIsNoTopicsValueHasNoCodec() {
    assertThatThrownBy(() -> codecs.codec(dev.tagstream.events.Origin.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Origin");
  }

  @Test
  void theSerdePassesNullThroughAndReportsDamageToKafka() {
    try (Serde<ImageLabels> serde = codecs.serde(ImageLabels.class)) {
      assertThat(serde.serializer().serialize("image-labels", null)).isNull();
      assertThat(serde.deserializer().deserialize("image-labels", null)).isNull();
      assertThatThrownBy(() -> serde.deserializer().deserialize("image-labels", new byte[] {9}))
          .isInstanceOf(SerializationException.class)
          .hasCauseInstanceOf(UndecodableRecordException.class);
    }
  }

  @Test
  void manyThreadsShareOneCodec() throws Exception {
    ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
    Callable<Integer> writeAndRead =
        () -> {
          int equal = 0;
          for (int i = 0; i < 500; i++) {
            ImageEvent event = SampleRecords.event();
            event.setEventId(Thread.currentThread().getName() + "-" + i);
            if (codec.fromBytes(EVENTS, codec.toBytes(EVENTS, event)).equals(event)) {
              equal++;
            }
          }
          return equal;
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(threads.submit(writeAndRead));
      }
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isEqualTo(500);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void registerUnder(String subject, TopicRecord record) {
    try {
      registry.register(subject, record.schema());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static KafkaAvroSerializer serializerOf(SchemaRegistryClient registry) {
    return new KafkaAvroSerializer(
        registry, Map.of("schema.registry.url", "mock://" + SCOPE, "auto.register.schemas", false));
  }

  private static GenericRecord asGeneric(Schema schema, ImageEmbedding embedding) {
    GenericRecord generic = new GenericData.Record(schema);
    generic.put("eventId", embedding.getEventId());
    generic.put("model", embedding.getModel());
    generic.put("vector", embedding.getVector());
    GenericRecord image = new GenericData.Record(schema.getField("image").schema());
    image.put("sha256", embedding.getImage().getSha256());
    image.put("width", embedding.getImage().getWidth());
    image.put("height", embedding.getImage().getHeight());
    generic.put("image", image);
    GenericRecord origin = new GenericData.Record(schema.getField("origin").schema());
    origin.put("topic", embedding.getOrigin().getTopic());
    origin.put("partition", embedding.getOrigin().getPartition());
    origin.put("offset", embedding.getOrigin().getOffset());
    origin.put("timestamp", embedding.getOrigin().getTimestamp().toEpochMilli());
    generic.put("origin", origin);
    generic.put("occurredAt", embedding.getOccurredAt().toEpochMilli());
    generic.put("embeddedAt", embedding.getEmbeddedAt().toEpochMilli());
    generic.put("attributes", embedding.getAttributes());
    return generic;
  }
}
