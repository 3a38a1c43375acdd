package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import dev.tagstream.topology.tagging.Verdict.Rejected;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes rejects so that they can always be written, whatever the event was. Thread-safe. */
final class RejectEncoder {
  private static final int MAX_DETAIL = 1_000;

  /** Room for every field of a reject but the event's bytes and attributes. */
  private static final int OTHER_FIELDS = 64 * 1_024;

  private final Destination<RejectedImage> rejects;
  private final OutputEnvelope envelope;
  private final ModelIdentity model;
  private final boolean keepEventBytes;
  private final Clock clock;

  /**
   * @param keepEventBytes false where images must not be kept longer than the input topic keeps
   *     them; size and digest are given all the same
   */
  RejectEncoder(
      Destination<RejectedImage> rejects,
      OutputEnvelope envelope,
      ModelIdentity model,
      boolean keepEventBytes,
      Clock clock) {
    this.rejects = rejects;
    this.envelope = envelope;
    this.model = model;
    this.keepEventBytes = keepEventBytes;
    this.clock = clock;
  }

  Output encode(InputRecord arrived, Rejected rejected) {
    // Key and headers of any size must not keep a reject from being written.
    InputRecord record = envelope.leaving(OTHER_FIELDS, arrived);
    RejectedImage.Builder reject =
        RejectedImage.newBuilder()
            .setReason(rejected.reason())
            .setStage(rejected.stage())
            .setDetail(detail(rejected, arrived, record))
            .setOrigin(OutputEnvelope.origin(record))
            .setModel(model)
            .setRejectedAt(clock.instant());
    ImageEvent event = rejected.event();
    Map<String, String> attributes = Map.of();
    if (event != null) {
      reject.setOccurredAt(event.getOccurredAt());
      if (event.getEventId().length() <= EventReader.MAX_EVENT_ID) {
        reject.setEventId(event.getEventId());
      }
      if (EventReader.withinBounds(event.getAttributes())) {
        attributes = event.getAttributes();
      }
    }
    reject.setAttributes(attributes);
    addEventBytes(reject, record);
    return envelope.wrap(
        record,
        rejects.sink(),
        rejects.encode(reject.build()),
        Map.of(TagstreamHeaders.REJECT_REASON, rejected.reason().name()));
  }

  private void addEventBytes(RejectedImage.Builder reject, InputRecord record) {
    byte[] value = record.value();
    if (value == null) {
      return;
    }
    reject.setEventSizeBytes((long) value.length).setEventSha256(sha256(value));
    if (keepEventBytes) {
      long room = envelope.roomForValue(record) - OTHER_FIELDS;
      int kept = (int) Math.max(0, Math.min(value.length, room));
      reject.setEventBytes(ByteBuffer.wrap(value, 0, kept)).setEventTruncated(kept < value.length);
    }
  }

  private static String detail(Rejected rejected, InputRecord arrived, InputRecord carried) {
    long left = arrived.sizeInBytes() - carried.sizeInBytes();
    String detail = shortened(rejected.detail());
    return left == 0
        ? detail
        : detail
            + " (%d bytes of %s are left out, as they are too large to be written again)"
                .formatted(left, carried.key() == arrived.key() ? "headers" : "key and headers");
  }

  private static String shortened(@Nullable String detail) {
    String text = detail == null ? "" : detail;
    return text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "…";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
