package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageInfo;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.Origin;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.topology.config.ClientSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchCommandTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final ModelIdentity MODEL =
      new ModelIdentity("starter", "r1", "ab".repeat(32), 2, "fingerprint");
  private static final ImageInfo IMAGE = new ImageInfo("cd".repeat(32), ImageFormat.JPEG, 640, 480);

  private final TopicsAndRegistry kafka = new TopicsAndRegistry("watch");

  WatchCommandTest() throws Exception {}

  @BeforeAll
  void writeResults() throws Exception {
    send("image-labels", kafka.codecs.codec(ImageLabels.class).toBytes("image-labels", labels()));
    send(
        "image-embeddings",
        kafka.codecs.codec(ImageEmbedding.class).toBytes("image-embeddings", embedding()));
    send(
        "image-rejects",
        kafka.codecs.codec(RejectedImage.class).toBytes("image-rejects", reject()));
    send("image-rejects", new byte[] {9, 9});
  }

  @AfterAll
  void stop() {
    kafka.close();
  }

  @Test
  void labelsAreShownWithTheirProbabilities() {
    CliRun run = kafka.run("watch", "labels", "--from-beginning", "--count", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("photo.jpg").contains("cat 90.0%, dog 10.0%").contains(" ms)");
  }

  @Test
  void rejectsAreShownWithTheirReasonAndControlCharactersAreNot() {
    CliRun run = kafka.run("watch", "rejects", "--from-beginning", "--count", "2");

    assertThat(run.out())
        .contains("image-events-0@8")
        .contains("UNDECODABLE_IMAGE: not a picture?[31m")
        .doesNotContain("\u001b")
        .contains("image-rejects-0@1: not readable: ");
  }

  @Test
  void jsonHoldsTheWholeRecordAndWhereItStands() throws Exception {
    CliRun run = kafka.run("watch", "embeddings", "--from-beginning", "--count", "1", "--json");

    JsonNode line = new ObjectMapper().readTree(run.out());
    assertThat(line.get("topic").asText()).isEqualTo("image-embeddings");
    assertThat(line.get("partition").asInt()).isZero();
    assertThat(line.get("offset").asLong()).isZero();
    assertThat(line.get("key").asText()).isEqualTo("key");
    JsonNode value = line.get("value");
    assertThat(value.get("eventId").asText()).isEqualTo("photo.jpg");
    assertThat(value.get("vector").get(1).asDouble()).isEqualTo(0.8);
    assertThat(value.get("image").get("format").asText()).isEqualTo("JPEG");
    assertThat(value.get("origin").get("offset").asLong()).isEqualTo(7);
    assertThat(value.get("occurredAt").asText()).isEqualTo("2026-01-01T12:00:00Z");
  }

  @Test
  void aTopicThatDoesNotExistIsAFailureWithTheWayOut() {
    CliRun run = kafka.run("watch", "labels", "--set", "topics.labels=nowhere");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("tagstream topics create").contains("nowhere");
  }

  @Test
  void somethingElseThanAResultTopicIsWrongUse() {
    assertThat(kafka.run("watch", "events").exitCode()).isEqualTo(2);
  }

  private void send(String topic, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(ClientSettings.producer(kafka.config()))) {
      producer
          .send(new ProducerRecord<>(topic, 0, "key".getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }

  private static ImageLabels labels() {
    return ImageLabels.newBuilder()
        .setEventId("photo.jpg")
        .setLabelSet("default")
        .setLabelSetVersion("1")
        .setLabels(
            List.of(
                new ScoredLabel("cat", "cat", 0.3f, 0.9f),
                new ScoredLabel("dog", "dog", 0.1f, 0.1f)))
        .setModel(MODEL)
        .setImage(IMAGE)
        .setOrigin(new Origin("image-events", 0, 7L, NOON))
        .setOccurredAt(NOON)
        .setLabelledAt(NOON)
        .setAttributes(Map.of())
        .build();
  }

  private static ImageEmbedding embedding() {
    return ImageEmbedding.newBuilder()
        .setEventId("photo.jpg")
        .setModel(MODEL)
        .setVector(List.of(0.6f, 0.8f))
        .setImage(IMAGE)
        .setOrigin(new Origin("image-events", 0, 7L, NOON))
        .setOccurredAt(NOON)
        .setEmbeddedAt(NOON)
        .build();
  }

  private static RejectedImage reject() {
    return RejectedImage.newBuilder()
        .setReason(RejectReason.UNDECODABLE_IMAGE)
        .setStage(RejectStage.DECODE)
        .setDetail("not a picture\u001b[31m")
        .setOrigin(new Origin("image-events", 0, 8L, NOON))
        .setEventBytes(ByteBuffer.wrap(new byte[] {1}))
        .setRejectedAt(NOON)
        .build();
  }
}
