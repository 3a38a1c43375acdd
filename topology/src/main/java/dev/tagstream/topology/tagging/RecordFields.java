package dev.tagstream.topology.tagging;

import dev.tagstream.topology.batch.InputRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.slf4j.spi.LoggingEventBuilder;

/** Which record a log line is about. */
final class RecordFields {
  private static final int MOST_KEY_BYTES = 100;

  private RecordFields() {}

  /** Adds topic, partition, offset and, if there is one, the key. */
  static LoggingEventBuilder add(LoggingEventBuilder line, InputRecord record) {
    LoggingEventBuilder located =
        line.addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset());
    byte[] key = record.key();
    return key == null ? located : located.addKeyValue("key", text(key));
  }

  /** As text if it is one, else in hexadecimal digits; cut if it is long. */
  private static String text(byte[] key) {
    byte[] shown = key.length > MOST_KEY_BYTES ? Arrays.copyOf(key, MOST_KEY_BYTES) : key;
    String cut = shown == key ? "" : "…";
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(shown)).toString();
      if (text.chars().noneMatch(Character::isISOControl)) {
        return text + cut;
      }
    } catch (CharacterCodingException e) {
      // Not text, or cut within a character.
    }
    return HexFormat.of().formatHex(shown) + cut;
  }
}
