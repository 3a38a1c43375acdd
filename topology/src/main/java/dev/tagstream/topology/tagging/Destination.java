package dev.tagstream.topology.tagging;

import dev.tagstream.schemas.ValueCodec;
import org.apache.avro.specific.SpecificRecord;

/**
 * One output topic.
 *
 * @param sink the topology's name for it
 * @param topic the topic's name, which decides the subject
 */
record Destination<T extends SpecificRecord>(String sink, String topic, ValueCodec<T> codec) {
  byte[] encode(T value) {
    return codec.toBytes(topic, value);
  }
}
