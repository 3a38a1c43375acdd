package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's serializer and deserializer, with their failures told apart. They promise nothing
 * about threads, so each thread has its own; what is worth sharing, the registry's answers, lies in
 * the client.
 */
final class ConfluentCodec<T extends SpecificRecord> implements ValueCodec<T> {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 5;

  private final TopicRecord record;
  private final Class<T> type;
  private final Schema readerSchema;
  private final SchemaRegistryClient client;
  private final RegistryFaults faults;
  private final Set<String> topicsKnownWritable = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<KafkaAvroSerializer> serializer;
  private final ThreadLocal<KafkaAvroDeserializer> deserializer;

  ConfluentCodec(
      TopicRecord record, Class<T> type, RegistryConfig config, SchemaRegistryClient client) {
    this.record = record;
    this.type = type;
    this.readerSchema = SpecificData.get().getSchema(type);
    this.client = client;
    this.faults = new RegistryFaults(config);
    Map<String, Object> properties = serdeProperties(config);
    this.serializer = ThreadLocal.withInitial(() -> new KafkaAvroSerializer(client, properties));
    this.deserializer =
        ThreadLocal.withInitial(() -> new KafkaAvroDeserializer(client, properties));
  }

  private static Map<String, Object> serdeProperties(RegistryConfig config) {
    Map<String, Object> properties = new HashMap<>(config.clientProperties());
    properties.put(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, config.urls());
    properties.put(AbstractKafkaSchemaSerDeConfig.AUTO_REGISTER_SCHEMAS, false);
    properties.put(AbstractKafkaSchemaSerDeConfig.USE_LATEST_VERSION, false);
    properties.put(KafkaAvroSerializerConfig.AVRO_REMOVE_JAVA_PROPS_CONFIG, true);
    properties.put(KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG, true);
    return properties;
  }

  @Override
  public byte[] toBytes(String topic, T value) {
    requireRegistered(topic);
    try {
      return serializer.get().serialize(topic, value);
    } catch (RuntimeException e) {
      Exception question = RegistryFaults.questionBehind(e);
      if (question != null) {
        throw faults.unavailable(question);
      }
      throw new IllegalArgumentException(
          "The " + record.recordName() + " does not fit its schema: " + reason(e), e);
    }
  }

  private void requireRegistered(String topic) {
    if (topicsKnownWritable.contains(topic)) {
      return;
    }
    String subject = TopicRecord.subject(topic);
    try {
      client.getId(subject, record.schema());
    } catch (RestClientException | IOException | RuntimeException e) {
      if (RegistryFaults.saysUnknown(e)) {
        throw new SchemaNotRegisteredException(subject, record.recordName(), e);
      }
      throw faults.unavailable(e);
    }
    topicsKnownWritable.add(topic);
  }

  @Override
  public T fromBytes(String topic, byte @Nullable [] bytes) throws UndecodableRecordException {
    if (bytes == null) {
      throw new UndecodableRecordException("The record has no value");
    }
    requireWriterSchema(topic, schemaId(bytes));
    try {
      return type.cast(deserializer.get().deserialize(topic, bytes, readerSchema));
    } catch (RuntimeException e) {
      Exception question = RegistryFaults.questionBehind(e);
      if (question != null) {
        throw faults.unavailable(question);
      }
      throw undecodable(bytes, reason(e), e);
    } catch (StackOverflowError e) {
      // A recursive schema and bytes that follow it deeply; the stack is whole again here.
      throw undecodable(bytes, "it is nested too deeply", e);
    }
  }

  private UndecodableRecordException undecodable(byte[] bytes, String why, Throwable cause) {
    return new UndecodableRecordException(
        "The value of "
            + bytes.length
            + " bytes cannot be read as "
            + record.recordName()
            + ": "
            + why,
        cause);
  }

  private static int schemaId(byte[] bytes) throws UndecodableRecordException {
    if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
      throw new UndecodableRecordException(
          "The value of "
              + bytes.length
              + " bytes is not in the schema registry's wire format, which begins with a zero byte"
              + " and the four bytes of a schema id");
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    if (id <= 0) {
      throw new UndecodableRecordException("The value names schema id " + id + ", which is none");
    }
    return id;
  }

  /**
   * Asks for the schema before the deserializer does: its exceptions do not tell an outage from
   * damaged bytes. The answer stays in the client's cache, where the deserializer finds it.
   */
  private void requireWriterSchema(String topic, int id) throws UndecodableRecordException {
    try {
      client.getSchemaBySubjectAndId(TopicRecord.subject(topic), id);
    } catch (RestClientException | IOException | RuntimeException e) {
      if (RegistryFaults.saysUnknown(e)) {
        throw new UndecodableRecordException(
            "The value names schema id " + id + ", which the schema registry does not know", e);
      }
      if (RegistryFaults.saysUnreadable(e)) {
        throw new UndecodableRecordException(
            "The value names schema id " + id + ", which is not an Avro schema", e);
      }
      throw faults.unavailable(e);
    }
  }

  /** Kafka's exception only says that it failed; the reason is Avro's. */
  private static String reason(RuntimeException failure) {
    Throwable told =
        failure instanceof SerializationException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = told.getMessage();
    return message == null ? told.getClass().getSimpleName() : message;
  }
}
