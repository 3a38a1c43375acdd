package dev.tagstream.topology.config;

import dev.tagstream.topology.commit.ClientPrefixes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of plain Kafka clients: the publisher, the followers of results, the topic
 * administration. What {@code kafka.*} passes through reaches each client it is meant for.
 */
public final class ClientSettings {
  private static final List<String> CONSUMER = List.of("consumer.", "main.consumer.");
  private static final int ADMIN_GIVES_UP_MS = 15_000;
  private static final int ADMIN_REQUEST_MS = 5_000;

  private ClientSettings() {}

  /** An administration client, which gives up sooner than Kafka's own: somebody waits. */
  public static Map<String, Object> admin(TagstreamConfig config) {
    Map<String, Object> settings =
        passedThrough(config, AdminClientConfig.configNames(), List.of("admin."));
    boolean ownTimeOut =
        settings.containsKey(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG)
            || settings.containsKey(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
    if (!ownTimeOut) {
      // Together: Kafka refuses a time-out of the whole that is shorter than that of a request.
      settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_GIVES_UP_MS);
      settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MS);
    }
    return settings;
  }

  /** An idempotent producer of byte arrays that takes records up to {@code maxEventBytes}. */
  public static Map<String, Object> producer(TagstreamConfig config) {
    Map<String, Object> settings =
        passedThrough(config, ProducerConfig.configNames(), List.of("producer."));
    settings.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.toIntExact(config.limits().maxEventBytes()));
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.limits().producerBufferBytes());
    return settings;
  }

  /** A {@code read_committed} consumer of byte arrays that belongs to no group. */
  public static Map<String, Object> consumer(TagstreamConfig config) {
    Map<String, Object> settings = passedThrough(config, ConsumerConfig.configNames(), CONSUMER);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        Math.toIntExact(config.limits().maxEventBytes()));
    return settings;
  }

  /**
   * The client's own names, names no Kafka client knows (plug-ins read them), then its prefixes.
   */
  private static Map<String, Object> passedThrough(
      TagstreamConfig config, Set<String> names, List<String> prefixes) {
    Map<String, Object> settings = new HashMap<>();
    config
        .kafka()
        .forEach(
            (key, value) -> {
              boolean prefixed = !ClientPrefixes.strip(key).equals(key);
              boolean forAnother = prefixed || isKnownElsewhere(key);
              if (names.contains(key) || !forAnother) {
                settings.put(key, value);
              }
            });
    for (String prefix : prefixes) {
      config
          .kafka()
          .forEach(
              (key, value) -> {
                if (key.startsWith(prefix)) {
                  settings.put(key.substring(prefix.length()), value);
                }
              });
    }
    return settings;
  }

  private static boolean isKnownElsewhere(String key) {
    return StreamsConfig.configDef().names().contains(key)
        || ConsumerConfig.configNames().contains(key)
        || ProducerConfig.configNames().contains(key)
        || AdminClientConfig.configNames().contains(key);
  }
}
