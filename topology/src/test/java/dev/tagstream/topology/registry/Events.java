package dev.tagstream.topology.registry;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

final class Events {
  private Events() {}

  static ImageEvent sample(String id) {
    return ImageEvent.newBuilder()
        .setEventId(id)
        .setSource(ImageSource.newBuilder().setBytes(ByteBuffer.wrap(new byte[] {1, 2, 3})).build())
        .setOccurredAt(Instant.parse("2026-03-01T12:00:00.123Z"))
        .setAttributes(Map.of("camera", "north"))
        .build();
  }
}
