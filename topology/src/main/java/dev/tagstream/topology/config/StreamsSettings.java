package dev.tagstream.topology.config;

import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/** Settings of the Kafka Streams application. */
public final class StreamsSettings {

  /**
   * The results of a partition between two commits go in one request. With Kafka's 16 KiB there are
   * several; under transactions the broker turns away those that overtake the first of a
   * transaction, and each is sent again after a pause.
   */
  private static final int PRODUCER_BATCH_BYTES = 256 << 10;

  private static final long STREAMS_PROTOCOL_POLL_MS = 10;

  private StreamsSettings() {}

  /** All properties for {@code new KafkaStreams(...)}; the client supplier is added elsewhere. */
  public static Properties of(TagstreamConfig config) {
    Properties settings = new Properties();
    settings.putAll(config.kafka());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.application().id());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.application().threads());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.application().stateDir().toString());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee(config));
    settings.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.processing().commitInterval().toMillis());
    settings.put(
        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    settings.put(
        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    if ("streams".equals(settings.get(StreamsConfig.GROUP_PROTOCOL_CONFIG))) {
      // Its consumer is not ours, which polls briefly while results wait.
      settings.putIfAbsent(StreamsConfig.POLL_MS_CONFIG, STREAMS_PROTOCOL_POLL_MS);
    }
    sizes(config, settings);
    return settings;
  }

  private static String guarantee(TagstreamConfig config) {
    return config.processing().guarantee() == Guarantee.EXACTLY_ONCE
        ? StreamsConfig.EXACTLY_ONCE_V2
        : StreamsConfig.AT_LEAST_ONCE;
  }

  /**
   * Few records are polled and buffered: images are large, and a stream thread does not poll, and
   * so does not take part in a rebalance, while it works through what is buffered.
   */
  private static void sizes(TagstreamConfig config, Properties settings) {
    TagstreamConfig.Limits limits = config.limits();
    int eventBytes = Math.toIntExact(limits.maxEventBytes());
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, limits.bufferedRecords());
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), limits.pollRecords());
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), eventBytes);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), eventBytes);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        limits.producerBufferBytes());
    if (!settings.containsKey(ProducerConfig.BATCH_SIZE_CONFIG)) {
      settings.putIfAbsent(
          StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), PRODUCER_BATCH_BYTES);
    }
    if (config.processing().guarantee() == Guarantee.EXACTLY_ONCE) {
      settings.put(
          StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
          Math.toIntExact(config.processing().transactionTimeout().toMillis()));
    }
  }
}
