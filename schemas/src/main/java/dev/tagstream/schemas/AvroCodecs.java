package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Codecs for the topics' values, over one client of the schema registry, whose cache they share.
 * Schemas are looked up and never registered; {@link SchemaRegistration} does that.
 *
 * <p>Safe for use by several threads at once. Close it when its codecs are no longer used.
 */
public final class AvroCodecs implements AutoCloseable {
  private final RegistryConfig config;
  private final SchemaRegistryClient client;

  private AvroCodecs(RegistryConfig config) {
    TrustedRecords.trust();
    this.config = config;
    this.client = RegistryClients.connect(config);
  }

  /**
   * Asks the registry nothing yet.
   *
   * @throws IllegalArgumentException if Confluent's client does not accept the properties
   */
  public static AvroCodecs connect(RegistryConfig config) {
    return new AvroCodecs(config);
  }

  /**
   * The codec of one record.
   *
   * @param type the generated class of a {@link TopicRecord}
   */
  public <T extends SpecificRecord> ValueCodec<T> codec(Class<T> type) {
    return new ConfluentCodec<>(TopicRecord.of(type), type, config, client);
  }

  /**
   * The same as {@link #codec} for Kafka's clients. A null value is null in both directions, and
   * bytes that cannot be decoded are a {@link SerializationException} with the {@link
   * UndecodableRecordException} as its cause.
   */
  public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    ValueCodec<T> codec = codec(type);
    Serializer<T> serializer = (topic, value) -> value == null ? null : codec.toBytes(topic, value);
    Deserializer<T> deserializer =
        (topic, bytes) -> {
          try {
            return bytes == null ? null : codec.fromBytes(topic, bytes);
          } catch (UndecodableRecordException e) {
            throw new SerializationException(e.getMessage(), e);
          }
        };
    return Serdes.serdeFrom(serializer, deserializer);
  }

  /** Closes the registry client. */
  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
