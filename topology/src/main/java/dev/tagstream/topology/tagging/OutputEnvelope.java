package dev.tagstream.topology.tagging;

import dev.tagstream.events.Origin;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What every output carries besides its value: the event's headers, and headers of our own, so that
 * a consumer can choose records without decoding them; and how large all of it may be.
 *
 * @param embeddingSpace {@link dev.tagstream.schemas.EmbeddingSpace} of the model
 * @param maxRecordBytes largest record the output topics take
 */
record OutputEnvelope(String embeddingSpace, long maxRecordBytes) {
  /** What the record format and our own headers need, generously. */
  private static final int FRAMING = 2_048;

  private static final List<String> OWN =
      List.of(
          TagstreamHeaders.EMBEDDING_SPACE,
          TagstreamHeaders.LABEL_SET,
          TagstreamHeaders.LABEL_SET_VERSION,
          TagstreamHeaders.REJECT_REASON,
          TagstreamHeaders.ORIGIN);

  /** An output with the event's headers and ours; headers of ours on the event are replaced. */
  Output wrap(InputRecord record, String sink, byte[] value, Map<String, String> own) {
    Headers headers = new RecordHeaders(record.headers());
    OWN.forEach(headers::remove);
    headers.add(TagstreamHeaders.ORIGIN, utf8(record.toString()));
    own.forEach((name, text) -> headers.add(name, utf8(text)));
    return new Output(sink, record.key(), value, headers);
  }

  boolean fits(InputRecord record, Output output) {
    return output.value().length <= roomForValue(record);
  }

  /** Bytes left for a value beside the record's key and headers; may be negative. */
  long roomForValue(InputRecord record) {
    long used = (long) FRAMING + (record.key() == null ? 0 : record.key().length);
    for (Header header : record.headers()) {
      used += header.key().length() * 3L + (header.value() == null ? 0 : header.value().length) + 8;
    }
    return maxRecordBytes - used;
  }

  /**
   * The record with as much of itself as leaves room for a value: if need be without its headers,
   * and if that is not enough without its key.
   */
  InputRecord leaving(long room, InputRecord record) {
    if (roomForValue(record) >= room) {
      return record;
    }
    InputRecord bare = record.withoutHeaders();
    return roomForValue(bare) >= room ? bare : bare.withKey(null);
  }

  static Origin origin(InputRecord record) {
    return new Origin(
        record.topic(),
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
