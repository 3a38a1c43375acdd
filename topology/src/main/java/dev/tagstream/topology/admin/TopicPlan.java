package dev.tagstream.topology.admin;

import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.config.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as {@code tagstream topics create} makes it.
 *
 * @param role which of the five topics it is, by the name of its setting: {@code events}, …
 * @param replication copies of each partition; -1 for the broker's default
 * @param configs Kafka's topic settings that differ from the broker's
 */
public record TopicPlan(
    Role role, String name, int partitions, int replication, Map<String, String> configs) {

  /** The five topics. */
  public enum Role {
    EVENTS,
    EMBEDDINGS,
    LABELS,
    REJECTS,
    LABEL_SETS
  }

  public TopicPlan {
    configs = Map.copyOf(configs);
  }

  /** The plans of all five topics, the input first. */
  public static List<TopicPlan> all(TagstreamConfig config) {
    Topics topics = config.topics();
    return List.of(
        events(config),
        deleting(config, Role.EMBEDDINGS, topics.embeddings(), topics.resultRetention()),
        deleting(config, Role.LABELS, topics.labels(), topics.resultRetention()),
        deleting(config, Role.REJECTS, topics.rejects(), topics.rejectRetention()),
        labelSets(config));
  }

  NewTopic newTopic() {
    Optional<Short> copies =
        replication == -1 ? Optional.empty() : Optional.of((short) replication);
    return new NewTopic(name, Optional.of(partitions), copies).configs(configs);
  }

  /**
   * The input is stored uncompressed, so that the broker holds every publisher to {@code
   * maxEventBytes} by the true size: a compressed batch would be measured compressed, and a few
   * kilobytes could unfold to gigabytes in our heap. Pictures are compressed already.
   */
  private static TopicPlan events(TagstreamConfig config) {
    Topics topics = config.topics();
    TopicPlan plan = deleting(config, Role.EVENTS, topics.events(), topics.eventRetention());
    Map<String, String> configs = new TreeMap<>(plan.configs());
    configs.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");
    return new TopicPlan(plan.role(), plan.name(), plan.partitions(), plan.replication(), configs);
  }

  private static TopicPlan deleting(
      TagstreamConfig config, Role role, String name, Duration retention) {
    Map<String, String> configs = common(config);
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    return new TopicPlan(
        role, name, config.topics().partitions(), config.topics().replication(), configs);
  }

  /** Compacted: the last version of each label set is kept for ever; one partition orders them. */
  private static TopicPlan labelSets(TagstreamConfig config) {
    Map<String, String> configs = common(config);
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    return new TopicPlan(
        Role.LABEL_SETS, config.topics().labelSets(), 1, config.topics().replication(), configs);
  }

  private static Map<String, String> common(TagstreamConfig config) {
    Map<String, String> configs = new TreeMap<>();
    configs.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(config.limits().maxEventBytes()));
    if (config.topics().minInSyncReplicas() != -1) {
      configs.put(
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          Integer.toString(config.topics().minInSyncReplicas()));
    }
    return configs;
  }
}
