package dev.tagstream.schemas;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of topics in Confluent's wire format: a zero byte, the schema's id in
 * four bytes (big-endian), and the record in Avro's binary encoding.
 *
 * <p>Safe for use by several threads at once. May ask the registry, and so block for as long as its
 * timeouts allow, the first time it meets a topic or a schema id.
 *
 * @param <T> the record
 */
public interface ValueCodec<T extends SpecificRecord> {

  /**
   * Encodes a value under the schema that is registered for the topic.
   *
   * @throws IllegalArgumentException if the value does not fit its schema: a required field is null
   * @throws SchemaNotRegisteredException if the topic's subject lacks this record's schema
   * @throws RegistryUnavailableException if the registry cannot be asked
   */
  byte[] toBytes(String topic, T value);

  /**
   * Decodes a value, whatever version of the schema it was written with. The bytes are not trusted:
   * memory is bounded by their length.
   *
   * @throws UndecodableRecordException if the bytes are at fault; trying again does not help
   * @throws RegistryUnavailableException if the registry cannot be asked, whatever the bytes are
   */
  T fromBytes(String topic, byte @Nullable [] bytes) throws UndecodableRecordException;
}
