package dev.tagstream.schemas;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageInfo;
import dev.tagstream.events.ImageSource;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.Origin;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class SampleRecords {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

  private SampleRecords() {}

  static ImageEvent event() {
    return ImageEvent.newBuilder()
        .setEventId("event-1")
        .setSource(ImageSource.newBuilder().setBytes(ByteBuffer.wrap(new byte[] {1, 2, 3})).build())
        .setOccurredAt(NOON)
        .setAttributes(Map.of("camera", "north"))
        .build();
  }

  static ModelIdentity model() {
    return new ModelIdentity("starter", "r1", "ab".repeat(32), 2, "fingerprint");
  }

  static ImageEmbedding embedding() {
    return ImageEmbedding.newBuilder()
        .setEventId("event-1")
        .setModel(model())
        .setVector(List.of(0.6f, 0.8f))
        .setImage(new ImageInfo("cd".repeat(32), ImageFormat.JPEG, 640, 480))
        .setOrigin(new Origin("image-events", 3, 42L, NOON))
        .setOccurredAt(NOON)
        .setEmbeddedAt(NOON.plusMillis(7))
        .build();
  }
}
