package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tagstream.events.ImageEvent;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arrives on image-events is anyone's: it may cost itself, never the process. */
class HostileBytesTest {
  private static final String SCOPE = HostileBytesTest.class.getSimpleName();
  private static final String EVENTS = "image-events";
  private static final String SUBJECT = "image-events-value";

  private final SchemaRegistryClient registry = MockSchemaRegistry.getClientForScope(SCOPE);
  private final AvroCodecs codecs = AvroCodecs.connect(RegistryConfig.at("mock://" + SCOPE));
  private final ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
  private int eventSchemaId;

  @BeforeEach
  void register() throws Exception {
    eventSchemaId = registry.register(SUBJECT, TopicRecord.IMAGE_EVENT.schema());
  }

  @AfterEach
  void drop() {
    codecs.close();
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void aRecordWithoutAValueIsUndecodable() {
    assertUndecodable(null, "no value");
  }

  @Test
  void bytesThatDoNotBeginAsTheWireFormatDoesAreUndecodable() {
    assertUndecodable(new byte[0], "wire format");
    assertUndecodable(new byte[] {0, 0, 0, 0}, "wire format");
    assertUndecodable("{\"eventId\":\"1\"}".getBytes(StandardCharsets.UTF_8), "wire format");
  }

  @Test
  void aSchemaIdThatTheRegistryDoesNotKnowIsUndecodable() {
    assertUndecodable(withHeader(123_456, new byte[] {0}), "123456");
    assertUndecodable(withHeader(-7, new byte[] {0}), "-7");
    assertUndecodable(withHeader(0, new byte[] {0}), "schema id 0");
  }

  @Test
  void everyTruncationOfAnEventIsUndecodable() {
    byte[] whole = codec.toBytes(EVENTS, SampleRecords.event());
    for (int length = 0; length < whole.length; length++) {
      assertUndecodable(Arrays.copyOf(whole, length), "");
    }
  }

  @Test
  void aForgedByteCountDoesNotTakeThatMuchMemory() throws Exception {
    assertUndecodableCheaply(
        eventBody(
            encoder -> {
              encoder.writeString("event-1");
              encoder.writeIndex(1);
              encoder.writeLong(2_000_000_000L);
            }));
  }

  @Test
  void aForgedItemCountDoesNotTakeThatMuchMemory() throws Exception {
    assertUndecodableCheaply(
        eventBody(
            encoder -> {
              encoder.writeString("event-1");
              writeEmptySource(encoder);
              encoder.writeLong(0);
              encoder.writeLong(2_000_000_000L);
            }));
  }

  @Test
  void aForgedMapCountDoesNotTakeThatMuchMemory() throws Exception {
    assertUndecodableCheaply(
        eventBody(
            encoder -> {
              encoder.writeString("event-1");
              writeEmptySource(encoder);
              encoder.writeLong(0);
              encoder.writeLong(0);
              encoder.writeLong(2_000_000_000L);
            }));
  }

  @Test
  void aSchemaThatIsNoRecordIsUndecodable() throws Exception {
    int bytesId = registry.register(SUBJECT, new AvroSchema("\"bytes\""));
    int stringId = registry.register(SUBJECT, new AvroSchema("\"string\""));

    assertUndecodable(withHeader(bytesId, new byte[] {2, 1}), "ImageEvent");
    assertUndecodable(withHeader(stringId, new byte[] {2, 'a'}), "ImageEvent");
  }

  @Test
  void endlessNestingIsUndecodable() throws Exception {
    Schema recursive =
        SchemaBuilder.record("Nest")
            .fields()
            .name("inner")
            .type()
            .unionOf()
            .nullType()
            .and()
            .type("Nest")
            .endUnion()
            .noDefault()
            .endRecord();
    Schema event = TopicRecord.IMAGE_EVENT.schema().rawSchema();
    Schema withNest = Schema.createRecord(event.getName(), "", event.getNamespace(), false);
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field("nest", recursive));
    event.getFields().forEach(f -> fields.add(new Schema.Field(f, f.schema())));
    withNest.setFields(fields);
    int id = registry.register(SUBJECT, new AvroSchema(withNest));
    byte[] deep = new byte[5_000_000];
    Arrays.fill(deep, (byte) 2);

    assertUndecodable(withHeader(id, deep), "nested too deeply");
  }

  @Test
  void randomDamageNeverEscapesAsAnythingElse() {
    long seed = 20260301;
    Random random = new Random(seed);
    byte[] whole = codec.toBytes(EVENTS, SampleRecords.event());
    int undecodable = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        damaged[5 + random.nextInt(damaged.length - 5)] = (byte) random.nextInt();
      }
      try {
        codec.fromBytes(EVENTS, damaged);
      } catch (UndecodableRecordException e) {
        undecodable++;
      }
    }
    assertThat(undecodable).as("seed %d", seed).isPositive();
  }

  private void assertUndecodable(byte @Nullable [] bytes, String reason) {
    assertThatThrownBy(() -> codec.fromBytes(EVENTS, bytes))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining(reason);
  }

  private void assertUndecodableCheaply(byte[] bytes) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertUndecodable(bytes, "");
    long before = threads.getCurrentThreadAllocatedBytes();
    assertUndecodable(bytes, "");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated, where the counts in the record ask for 2 GB and more")
        .isLessThan(20_000_000);
  }

  private byte[] eventBody(Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    body.write(encoder);
    encoder.flush();
    return withHeader(eventSchemaId, bytes.toByteArray());
  }

  private static void writeEmptySource(BinaryEncoder encoder) throws IOException {
    for (int field = 0; field < 4; field++) {
      encoder.writeIndex(0);
    }
  }

  private static byte[] withHeader(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private interface Body {
    void write(BinaryEncoder encoder) throws IOException;
  }
}
