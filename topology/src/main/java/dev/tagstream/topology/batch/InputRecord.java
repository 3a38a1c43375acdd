package dev.tagstream.topology.batch;

import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in the input topic, nothing decoded.
 *
 * @param topic the input topic
 * @param partition its partition
 * @param offset its offset, which with topic and partition is the origin that results carry
 * @param timestamp as the publisher wrote it, in milliseconds since the epoch; may be negative
 * @param key opaque bytes, or null
 * @param value the event's bytes, or null for a tombstone
 * @param headers the record's headers, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by origin, see equals
public record InputRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  public TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  /** The same without its headers. */
  public InputRecord withoutHeaders() {
    return new InputRecord(topic, partition, offset, timestamp, key, value, new RecordHeaders());
  }

  /** The same with another key. */
  public InputRecord withKey(byte @Nullable [] other) {
    return new InputRecord(topic, partition, offset, timestamp, other, value, headers);
  }

  /** Bytes of key, value and headers, which is what a pending record keeps in memory. */
  public long sizeInBytes() {
    return keptInBytes() + (value == null ? 0 : value.length);
  }

  /** Bytes that stay in memory until the results are forwarded: those of key and headers. */
  long keptInBytes() {
    return (key == null ? 0 : key.length) + sizeInBytes(headers);
  }

  static long sizeInBytes(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }

  /** By origin: an offset has one content. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InputRecord that
        && topic.equals(that.topic)
        && partition == that.partition
        && offset == that.offset;
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, partition, offset);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
