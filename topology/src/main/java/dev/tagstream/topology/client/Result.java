package dev.tagstream.topology.client;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.RejectedImage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What came out for an event, and the record it was read from. */
public sealed interface Result {

  /** The record as it stands on the topic. */
  ConsumerRecord<byte[], byte[]> record();

  /** The picture's embedding. */
  record Embedded(ConsumerRecord<byte[], byte[]> record, ImageEmbedding embedding)
      implements Result {}

  /** The picture's labels by one label set. */
  record Labelled(ConsumerRecord<byte[], byte[]> record, ImageLabels labels) implements Result {}

  /** The event could not be tagged. */
  record Rejected(ConsumerRecord<byte[], byte[]> record, RejectedImage reject) implements Result {}

  /** Something else wrote this: it is no record of the topic's schema. */
  record Unreadable(ConsumerRecord<byte[], byte[]> record, String why) implements Result {}
}
