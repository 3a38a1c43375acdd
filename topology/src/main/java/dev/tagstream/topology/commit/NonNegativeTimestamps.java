package dev.tagstream.topology.commit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own timestamp, or for a negative one the partition's time so far (at least 0).
 *
 * <p>Streams drops a record with a negative timestamp, and dies of an extractor that throws. Here
 * the record goes on to the asynchronous processor, which asks for the {@linkplain
 * LaggingCommit#replacedTimestamp timestamp that was replaced} and rejects it at its own turn.
 */
public final class NonNegativeTimestamps implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    long timestamp = record.timestamp();
    if (timestamp >= 0) {
      return timestamp;
    }
    StreamThreadRegistry.current()
        .replacedTimestamp(record.topic(), record.partition(), record.offset(), timestamp);
    return Math.max(partitionTime, 0);
  }
}
