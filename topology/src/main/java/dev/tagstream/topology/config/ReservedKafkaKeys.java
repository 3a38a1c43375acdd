package dev.tagstream.topology.config;

import dev.tagstream.topology.commit.ClientPrefixes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What the {@code kafka} section may not set, because a setting of Tagstream's own drives it. */
final class ReservedKafkaKeys {
  private static final String RAW_BYTES = "is fixed: keys and values are read and written as bytes";

  private static final Map<String, String> RESERVED =
      Map.ofEntries(
          use("application.id", "application.id"),
          use("group.id", "application.id"),
          use("num.stream.threads", "application.threads"),
          use("state.dir", "application.stateDir"),
          use("processing.guarantee", "processing.guarantee"),
          use("isolation.level", "processing.guarantee"),
          use("enable.idempotence", "processing.guarantee"),
          use("enable.auto.commit", "processing.guarantee"),
          use("transactional.id", "processing.guarantee"),
          use("commit.interval.ms", "processing.commitInterval"),
          use("transaction.timeout.ms", "processing.transactionTimeout"),
          use("buffered.records.per.partition", "limits.bufferedRecords"),
          use("max.poll.records", "limits.pollRecords"),
          use("max.request.size", "limits.maxEventBytes"),
          use("max.partition.fetch.bytes", "limits.maxEventBytes"),
          use("buffer.memory", "limits.producerBufferBytes"),
          Map.entry("default.key.serde", RAW_BYTES),
          Map.entry("default.value.serde", RAW_BYTES),
          Map.entry("key.serializer", RAW_BYTES),
          Map.entry("value.serializer", RAW_BYTES),
          Map.entry("key.deserializer", RAW_BYTES),
          Map.entry("value.deserializer", RAW_BYTES),
          Map.entry("default.timestamp.extractor", "is fixed: event time is the record's own"));

  private ReservedKafkaKeys() {}

  /** Why the key may not stand in the {@code kafka} section, if it may not. */
  static Optional<String> objection(String key) {
    String plain = ClientPrefixes.strip(key);
    String reserved = RESERVED.get(plain);
    if (reserved != null) {
      return Optional.of(reserved);
    }
    Set<String> known = known();
    if (known.contains(plain)) {
      return Optional.empty();
    }
    return Suggestions.nearest(plain, known)
        .map(
            nearest ->
                "is not a Kafka setting; did you mean "
                    + key.substring(0, key.length() - plain.length())
                    + nearest
                    + "?");
  }

  private static Set<String> known() {
    Set<String> names = new TreeSet<>(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    names.addAll(StreamsConfig.configDef().names());
    return names;
  }

  private static Map.Entry<String, String> use(String kafkaKey, String ourKey) {
    return Map.entry(kafkaKey, "is set by " + ourKey + ": use that");
  }
}
