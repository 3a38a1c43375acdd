package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.schemas.UndecodableRecordException;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.batch.InputRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From a record's bytes to an event whose every field is within its bounds. Thread-safe. */
final class EventReader {
  static final int MAX_EVENT_ID = 1_024;
  static final int MAX_LABEL_SETS = 16;
  static final int MAX_ATTRIBUTES = 64;
  static final int MAX_ATTRIBUTE_CHARACTERS = 16 * 1_024;

  private final ValueCodec<ImageEvent> codec;

  EventReader(ValueCodec<ImageEvent> codec) {
    this.codec = codec;
  }

  /**
   * The event, its label sets deduplicated.
   *
   * @throws RejectedEventException if the record is no valid event
   */
  ImageEvent read(InputRecord record) {
    byte[] value = record.value();
    if (value == null) {
      throw invalid(null, "the record has no value; an image event cannot be deleted");
    }
    ImageEvent event;
    try {
      event = codec.fromBytes(record.topic(), value);
    } catch (UndecodableRecordException e) {
      throw new RejectedEventException(
          null, RejectReason.UNDECODABLE_EVENT, RejectStage.READ, String.valueOf(e.getMessage()));
    }
    checkEventId(event);
    checkAttributes(event);
    if (record.timestamp() < 0) {
      throw invalid(event, "the record's timestamp is " + record.timestamp() + ", before 1970");
    }
    event.setLabelSets(labelSets(event));
    return event;
  }

  private static void checkEventId(ImageEvent event) {
    int length = event.getEventId().length();
    if (event.getEventId().isBlank() || length > MAX_EVENT_ID) {
      throw invalid(
          event, "eventId has " + length + " characters; allowed are 1 to " + MAX_EVENT_ID);
    }
  }

  private static List<String> labelSets(ImageEvent event) {
    List<String> names = List.copyOf(new LinkedHashSet<>(event.getLabelSets()));
    if (names.size() > MAX_LABEL_SETS) {
      throw invalid(
          event, "the event names " + names.size() + " label sets; allowed are " + MAX_LABEL_SETS);
    }
    return names;
  }

  private static void checkAttributes(ImageEvent event) {
    if (!withinBounds(event.getAttributes())) {
      throw invalid(
          event,
          "the event has %d attributes; allowed are %d with %d characters in all"
              .formatted(event.getAttributes().size(), MAX_ATTRIBUTES, MAX_ATTRIBUTE_CHARACTERS));
    }
  }

  static boolean withinBounds(Map<String, String> attributes) {
    long characters =
        attributes.entrySet().stream()
            .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
            .sum();
    return attributes.size() <= MAX_ATTRIBUTES && characters <= MAX_ATTRIBUTE_CHARACTERS;
  }

  private static RejectedEventException invalid(@Nullable ImageEvent event, String detail) {
    return new RejectedEventException(event, RejectReason.INVALID_EVENT, RejectStage.READ, detail);
  }
}
