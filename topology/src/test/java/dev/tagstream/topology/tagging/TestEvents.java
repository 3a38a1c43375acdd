package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import dev.tagstream.topology.batch.InputRecord;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import javax.imageio.ImageIO;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Events, their pictures, and the records that carry them. */
final class TestEvents {
  static final String TOPIC = "image-events";
  static final int WIDTH = 12;
  static final int HEIGHT = 10;

  private TestEvents() {}

  static ImageEvent.Builder event(String id) {
    return event(id, png(0xff0000));
  }

  static ImageEvent.Builder event(String id, byte[] image) {
    return ImageEvent.newBuilder()
        .setEventId(id)
        .setSource(ImageSource.newBuilder().setBytes(ByteBuffer.wrap(image)).build())
        .setOccurredAt(Instant.ofEpochMilli(1_000));
  }

  static byte[] png(int rgb) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static InputRecord record(byte @Nullable [] value) {
    return record(value, 2_000);
  }

  static InputRecord record(byte @Nullable [] value, long timestamp) {
    Headers headers = new RecordHeaders();
    headers.add("trace", "t-1".getBytes(StandardCharsets.UTF_8));
    return new InputRecord(TOPIC, 3, 42, timestamp, new byte[] {7}, value, headers);
  }
}
