package dev.tagstream.topology.client;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.config.ByteSize;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes picture files as image events: an ordinary Kafka producer with Confluent's wire format,
 * nothing a publisher in another language could not do. One thread at a time.
 */
public final class EventPublisher implements AutoCloseable {
  private final TagstreamConfig config;
  private final ValueCodec<ImageEvent> codec;
  private final Producer<byte[], byte[]> producer;

  /**
   * Connects; the codecs belong to the caller.
   *
   * @param codecs of the registry where the schema of the events topic is registered
   */
  public EventPublisher(TagstreamConfig config, AvroCodecs codecs) {
    this.config = config;
    this.codec = codecs.codec(ImageEvent.class);
    this.producer = new KafkaProducer<>(ClientSettings.producer(config));
  }

  /**
   * Sends one event; blocks while the producer's buffer is full.
   *
   * @return done when the brokers have the event; {@link PictureTooLargeException} if they never
   *     will for its size
   * @throws IOException if the file cannot be read
   */
  public CompletableFuture<RecordMetadata> publish(PictureFile picture, EventOptions options)
      throws IOException {
    long bytes = Files.size(picture.path());
    if (!options.byReference() && bytes > config.limits().maxEventBytes()) {
      // Not read into memory only to be refused.
      return CompletableFuture.failedFuture(tooLarge(picture, bytes));
    }
    String topic = config.topics().events();
    byte @Nullable [] key =
        options.key().of(picture).map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
    byte[] value = codec.toBytes(topic, event(picture, options, bytes));
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    // The callback is the answer.
    var unused =
        producer.send(
            new ProducerRecord<>(topic, key, value),
            (metadata, problem) -> {
              if (problem == null) {
                sent.complete(metadata);
              } else if (problem instanceof RecordTooLargeException) {
                sent.completeExceptionally(tooLarge(picture, value.length));
              } else {
                sent.completeExceptionally(problem);
              }
            });
    return sent;
  }

  /** Waits until everything sent has its answer. */
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }

  private static ImageEvent event(PictureFile picture, EventOptions options, long bytes)
      throws IOException {
    Path path = picture.path();
    ImageSource.Builder source = ImageSource.newBuilder();
    if (options.byReference()) {
      source
          .setUri(path.toRealPath().toUri().toString())
          .setSha256(sha256(path))
          .setSizeBytes(bytes);
    } else {
      byte[] encoded = Files.readAllBytes(path);
      source
          .setBytes(ByteBuffer.wrap(encoded))
          .setSha256(HexFormat.of().formatHex(sha256().digest(encoded)))
          .setSizeBytes((long) encoded.length);
    }
    Instant changed = Files.getLastModifiedTime(path).toInstant();
    return ImageEvent.newBuilder()
        .setEventId(picture.name())
        .setSource(source.build())
        .setOccurredAt(changed.truncatedTo(ChronoUnit.MILLIS))
        .setLabelSets(options.labelSets())
        .setAttributes(options.attributes())
        .build();
  }

  private PictureTooLargeException tooLarge(PictureFile picture, long bytes) {
    return new PictureTooLargeException(
        picture.path()
            + " has "
            + bytes
            + " bytes, and limits.maxEventBytes is "
            + ByteSize.print(config.limits().maxEventBytes())
            + ": publish it by reference, or raise the limit here, on the topics and where the"
            + " application runs.");
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
