package dev.tagstream.topology.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.events.Origin;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.topology.client.Result;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Results as people and programs read them, one a line. */
final class ResultLines {
  private static final int SHOWN_LABELS = 3;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ResultLines() {}

  /**
   * For people: the event, what came of it, and how long it took.
   *
   * @param arrived when the result reached this program; the time since the event's own timestamp
   *     is the latency as a consumer sees it
   */
  static String forPeople(Result result, Instant arrived) {
    if (result instanceof Result.Labelled labelled) {
      return line(
          labelled.labels().getEventId(),
          labels(labelled.labels().getLabels()),
          labelled.labels().getOrigin(),
          arrived);
    }
    if (result instanceof Result.Embedded embedded) {
      return line(
          embedded.embedding().getEventId(),
          "embedding of "
              + embedded.embedding().getVector().size()
              + " numbers by "
              + embedded.embedding().getModel().getName(),
          embedded.embedding().getOrigin(),
          arrived);
    }
    if (result instanceof Result.Rejected rejected) {
      RejectedImage reject = rejected.reject();
      return line(
          name(reject),
          "rejected: " + reject.getReason() + ": " + reject.getDetail(),
          reject.getOrigin(),
          arrived);
    }
    Result.Unreadable unreadable = (Result.Unreadable) result;
    return position(unreadable.record()) + ": not readable: " + unreadable.why();
  }

  /** For programs: where the record stands, and the record itself in Avro's JSON form. */
  static String json(Result result) {
    ConsumerRecord<byte[], byte[]> record = result.record();
    ObjectNode line = MAPPER.createObjectNode();
    line.put("topic", record.topic());
    line.put("partition", record.partition());
    line.put("offset", record.offset());
    line.put("timestamp", record.timestamp());
    line.put("key", text(record.key()));
    if (result instanceof Result.Labelled labelled) {
      set(line, labelled.labels());
    } else if (result instanceof Result.Embedded embedded) {
      set(line, embedded.embedding());
    } else if (result instanceof Result.Rejected rejected) {
      set(line, rejected.reject());
    } else if (result instanceof Result.Unreadable unreadable) {
      line.put("unreadable", unreadable.why());
    }
    return line.toString();
  }

  private static void set(ObjectNode line, SpecificRecord value) {
    try {
      line.set("value", MAPPER.readTree(GenericData.get().toString(value)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String event, String what, Origin origin, Instant arrived) {
    long millis = Duration.between(origin.getTimestamp(), arrived).toMillis();
    return String.format(
        Locale.ROOT, "%-28s %s  (%,d ms)", printable(event), printable(what), millis);
  }

  private static String labels(List<ScoredLabel> labels) {
    if (labels.isEmpty()) {
      return "no label passed its threshold";
    }
    return labels.stream()
        .limit(SHOWN_LABELS)
        .map(
            label ->
                String.format(
                    Locale.ROOT, "%s %.1f%%", label.getName(), 100 * label.getProbability()))
        .collect(Collectors.joining(", "));
  }

  private static String name(RejectedImage reject) {
    String eventId = reject.getEventId();
    Origin origin = reject.getOrigin();
    return eventId == null
        ? origin.getTopic() + "-" + origin.getPartition() + "@" + origin.getOffset()
        : eventId;
  }

  private static String position(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  /** Names come from strangers: no control characters on our terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static @Nullable String text(byte @Nullable [] key) {
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }
}
