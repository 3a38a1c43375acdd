package dev.tagstream.topology.batch;

import org.apache.kafka.common.header.Headers;

/**
 * One result of an input record; key, event time and partition number are those of the input.
 *
 * @param sink name of the sink to forward to: {@code embeddings}, {@code labels} or {@code rejects}
 * @param value the encoded record
 * @param headers all headers of the result, those of the input included
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; bytes go straight to the producer
public record Output(String sink, byte[] value, Headers headers) {

  long sizeInBytes() {
    return value.length + InputRecord.sizeInBytes(headers);
  }
}
