package dev.tagstream.topology.drill;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.config.TagstreamConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The real application under drill: {@code tagstream run} in JVMs of its own, on real pictures, of
 * which every tenth is broken so that rejects are counted too.
 */
public final class TagstreamUnderDrill implements DrilledApplication {
  private static final int BROKEN_EVERY = 10;

  private final TagstreamConfig config;
  private final List<String> command;
  private final ValueCodec<ImageEvent> codec;
  private final List<byte[]> pictures;

  /**
   * Starts nothing.
   *
   * @param config of all instances
   * @param command line that runs an instance with that configuration
   * @param pictures files to publish, over and over
   */
  public TagstreamUnderDrill(
      TagstreamConfig config,
      List<String> command,
      ValueCodec<ImageEvent> codec,
      List<byte[]> pictures) {
    this.config = config;
    this.command = List.copyOf(command);
    this.codec = codec;
    this.pictures = List.copyOf(pictures);
  }

  @Override
  public String input() {
    return config.topics().events();
  }

  @Override
  public List<String> outputs() {
    return config.topics().results();
  }

  @Override
  public String group() {
    return config.application().id();
  }

  @Override
  public List<String> command(int instance) {
    return command;
  }

  @Override
  public byte[] event(int index) {
    byte[] picture = pictures.get(index % pictures.size());
    ByteBuffer bytes =
        index % BROKEN_EVERY == BROKEN_EVERY - 1
            ? ByteBuffer.wrap(picture, 0, picture.length / 2)
            : ByteBuffer.wrap(picture);
    return codec.toBytes(
        input(),
        ImageEvent.newBuilder()
            .setEventId("drill-" + index)
            .setSource(ImageSource.newBuilder().setBytes(bytes).build())
            .setOccurredAt(Instant.EPOCH)
            .build());
  }

  @Override
  public Origin origin(ConsumerRecord<byte[], byte[]> result) {
    Header header = result.headers().lastHeader(TagstreamHeaders.ORIGIN);
    String origin = new String(header.value(), StandardCharsets.UTF_8);
    int dash = origin.lastIndexOf('-', origin.lastIndexOf('@'));
    int at = origin.lastIndexOf('@');
    return new Origin(
        Integer.parseInt(origin.substring(dash + 1, at)), Long.parseLong(origin.substring(at + 1)));
  }

  @Override
  public List<Map<String, Integer>> acceptable() {
    return List.of(
        Map.of(config.topics().embeddings(), 1, config.topics().labels(), 1),
        Map.of(config.topics().rejects(), 1));
  }
}
