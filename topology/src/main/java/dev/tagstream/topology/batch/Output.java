package dev.tagstream.topology.batch;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One result of an input record; event time and partition number are those of the input.
 *
 * @param sink name of the sink to forward to: {@code embeddings}, {@code labels} or {@code rejects}
 * @param key the input's, or null if it has none or it is too large to be written again
 * @param value the encoded record
 * @param headers all headers of the result, those of the input included
 * @param forwarded run on the stream thread once the result is the producer's; returns at once and
 *     throws nothing
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; bytes go straight to the producer
public record Output(
    String sink, byte @Nullable [] key, byte[] value, Headers headers, Runnable forwarded) {

  /** A result of which nobody is told when it was forwarded. */
  public Output(String sink, byte @Nullable [] key, byte[] value, Headers headers) {
    this(sink, key, value, headers, Output::nobody);
  }

  /** The same, with this to be run once it was forwarded. */
  public Output whenForwarded(Runnable action) {
    return new Output(sink, key, value, headers, action);
  }

  /** Without the key, which is the input's own array and counted with the input. */
  long sizeInBytes() {
    return value.length + InputRecord.sizeInBytes(headers);
  }

  private static void nobody() {}
}
