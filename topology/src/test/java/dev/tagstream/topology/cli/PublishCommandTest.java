package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.topology.config.ClientSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishCommandTest {
  private final TopicsAndRegistry kafka = new TopicsAndRegistry("publish");

  PublishCommandTest() throws Exception {}

  @AfterAll
  void stop() {
    kafka.close();
  }

  @Test
  void aPictureIsPublishedWithItsBytesNameLabelSetsAndAttributes(@TempDir Path folder)
      throws Exception {
    byte[] bytes = {1, 2, 3};
    Path file = Files.write(folder.resolve("cat.jpg"), bytes);

    CliRun run =
        kafka.run(
            "publish",
            file.toString(),
            "--label-set",
            "pets",
            "--label-set",
            "colours",
            "--attribute",
            "album=summer",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    ConsumerRecord<byte[], byte[]> record = record(run.out());
    assertThat(record.key()).isEqualTo("cat.jpg".getBytes(StandardCharsets.UTF_8));
    ImageEvent event = event(record);
    assertThat(event.getEventId()).isEqualTo("cat.jpg");
    assertThat(event.getSource().getBytes().array()).isEqualTo(bytes);
    assertThat(event.getSource().getUri()).isNull();
    assertThat(event.getSource().getSizeBytes()).isEqualTo(3);
    assertThat(event.getSource().getSha256())
        .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
    assertThat(event.getLabelSets()).containsExactly("pets", "colours");
    assertThat(event.getAttributes()).containsExactly(Map.entry("album", "summer"));
    assertThat(event.getOccurredAt().toEpochMilli())
        .isEqualTo(Files.getLastModifiedTime(file).toMillis());
  }

  @Test
  void byReferenceTheEventHoldsAFileUriAndNoBytes(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("a b.png"), new byte[] {7});

    CliRun run =
        kafka.run(
            "publish",
            file.toString(),
            "--by-reference",
            "--embedding-only",
            "--key",
            "none",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    ConsumerRecord<byte[], byte[]> record = record(run.out());
    ImageEvent event = event(record);
    assertThat(record.key()).isNull();
    assertThat(event.getSource().getBytes()).isNull();
    assertThat(event.getSource().getUri()).isEqualTo(file.toRealPath().toUri().toString());
    assertThat(event.getSource().getSha256()).hasSize(64);
    assertThat(event.getLabelSets()).isEmpty();
  }

  @Test
  void aFolderGivesAllThatIsCalledAPictureAtAnyDepth(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("deep/er"));
    Files.write(folder.resolve("one.JPG"), new byte[] {1});
    Files.write(folder.resolve("deep/er/two.webp"), new byte[] {1});
    Files.write(folder.resolve("notes.txt"), new byte[] {1});

    CliRun run = kafka.run("publish", folder.toString(), "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).hasLineCount(2).contains("one.JPG", "two.webp");
    assertThat(run.err()).contains("published 2 of 2 pictures to image-events");
  }

  @Test
  void aPictureTooLargeForAnEventIsToldAndTheOthersArePublished(@TempDir Path folder)
      throws IOException {
    Files.write(folder.resolve("huge.jpg"), new byte[(1 << 20) + 1]);
    // Fits as a file and not as an event around it.
    Files.write(folder.resolve("just-too-large.jpg"), new byte[(1 << 20) - 10]);
    Files.write(folder.resolve("small.jpg"), new byte[10]);

    CliRun run = kafka.run("publish", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("! huge.jpg: ")
        .contains("! just-too-large.jpg: ")
        .contains("limits.maxEventBytes is 1MiB")
        .contains("by reference")
        .contains("published 1 of 3 pictures");
  }

  @Test
  void aFileThatDoesNotExistIsAFailureBeforeAnythingIsSent(@TempDir Path folder) {
    CliRun run = kafka.run("publish", folder.resolve("no.jpg").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no.jpg does not exist.").hasLineCount(1);
  }

  @Test
  void aFolderWithoutPicturesIsAFailure(@TempDir Path folder) {
    CliRun run = kafka.run("publish", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("There is no picture");
  }

  private ConsumerRecord<byte[], byte[]> record(String line) throws IOException {
    JsonNode json = new ObjectMapper().readTree(line);
    TopicPartition partition =
        new TopicPartition(json.get("topic").asText(), json.get("partition").asInt());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(ClientSettings.consumer(kafka.config()))) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, json.get("offset").asLong());
      return consumer.poll(Duration.ofSeconds(20)).iterator().next();
    }
  }

  private ImageEvent event(ConsumerRecord<byte[], byte[]> record) throws Exception {
    return kafka.codecs.codec(ImageEvent.class).fromBytes(record.topic(), record.value());
  }
}
