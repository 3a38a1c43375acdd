package dev.tagstream.topology.admin;

import dev.tagstream.topology.config.TagstreamConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Creates and inspects the five topics. Errors of the broker are thrown as {@link KafkaException}.
 * Not a resource of its own: the {@link Admin} belongs to the caller.
 */
public final class TopicAdmin {
  private final Admin admin;
  private final TagstreamConfig config;
  private final List<TopicPlan> plans;

  public TopicAdmin(Admin admin, TagstreamConfig config) {
    this.admin = admin;
    this.config = config;
    this.plans = TopicPlan.all(config);
  }

  /**
   * Creates the topics that do not exist; those that exist stay as they are.
   *
   * @return the plans of the topics created
   */
  public List<TopicPlan> createMissing() {
    Set<String> existing = await(admin.listTopics().names());
    List<TopicPlan> missing =
        plans.stream().filter(plan -> !existing.contains(plan.name())).toList();
    Map<String, KafkaFuture<Void>> results =
        admin.createTopics(missing.stream().map(TopicPlan::newTopic).toList()).values();
    List<TopicPlan> created = new ArrayList<>();
    for (TopicPlan plan : missing) {
      try {
        await(KafkaFuture.allOf(results.get(plan.name())));
        created.add(plan);
      } catch (TopicExistsException e) {
        // Somebody else created it between the listing and now: as good as ours.
      }
    }
    awaitListed();
    return created;
  }

  /** The brokers answer for a topic a moment after the controller has created it. */
  private void awaitListed() {
    List<String> names = plans.stream().map(TopicPlan::name).toList();
    for (int i = 0; i < 100 && !await(admin.listTopics().names()).containsAll(names); i++) {
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** The topics that exist, in the order of the plans. */
  public List<TopicState> existing() {
    Set<String> names = await(admin.listTopics().names());
    List<TopicPlan> present = plans.stream().filter(plan -> names.contains(plan.name())).toList();
    Map<String, TopicDescription> descriptions =
        await(admin.describeTopics(present.stream().map(TopicPlan::name).toList()).allTopicNames());
    List<ConfigResource> resources = present.stream().map(TopicAdmin::resource).toList();
    Map<ConfigResource, Config> configs = await(admin.describeConfigs(resources).all());
    List<TopicState> states = new ArrayList<>();
    for (TopicPlan plan : present) {
      TopicDescription description = descriptions.get(plan.name());
      Config settings = configs.get(resource(plan));
      if (description != null && settings != null) {
        states.add(state(plan, description, settings));
      }
    }
    return states;
  }

  /** What is wrong with the topics as they are, one sentence each; empty when all is well. */
  public List<String> problems(List<TopicState> states) {
    Map<TopicPlan.Role, TopicState> byRole = new HashMap<>();
    states.forEach(state -> byRole.put(state.plan().role(), state));
    List<String> problems = new ArrayList<>();
    for (TopicPlan plan : plans) {
      TopicState state = byRole.get(plan.role());
      if (state == null) {
        problems.add(plan.name() + " does not exist: `tagstream topics create` makes it.");
      } else {
        problems.addAll(problems(state, byRole.get(TopicPlan.Role.EVENTS)));
      }
    }
    return problems;
  }

  private List<String> problems(TopicState state, @Nullable TopicState events) {
    List<String> problems = new ArrayList<>();
    String name = state.plan().name();
    boolean labelSets = state.plan().role() == TopicPlan.Role.LABEL_SETS;
    if (!labelSets && events != null && state.partitions() != events.partitions()) {
      problems.add(
          name
              + " has "
              + state.partitions()
              + " partitions and "
              + events.plan().name()
              + " has "
              + events.partitions()
              + ": results keep the partition number of their event, so the numbers must be"
              + " equal.");
    }
    if (labelSets && !state.cleanupPolicy().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      problems.add(
          name
              + " is not compacted (cleanup.policy="
              + state.cleanupPolicy()
              + "): label sets would be forgotten after the retention time.");
    }
    if (state.maxMessageBytes() < config.limits().maxEventBytes()) {
      problems.add(
          name
              + " takes records of up to "
              + state.maxMessageBytes()
              + " bytes (max.message.bytes), but limits.maxEventBytes is "
              + config.limits().maxEventBytes()
              + ".");
    }
    return problems;
  }

  private static TopicState state(TopicPlan plan, TopicDescription description, Config settings) {
    return new TopicState(
        plan,
        description.partitions().size(),
        description.partitions().stream().mapToInt(part -> part.replicas().size()).min().orElse(0),
        Long.parseLong(value(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG)),
        Long.parseLong(value(settings, TopicConfig.RETENTION_MS_CONFIG)),
        value(settings, TopicConfig.CLEANUP_POLICY_CONFIG),
        Integer.parseInt(value(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)),
        value(settings, TopicConfig.COMPRESSION_TYPE_CONFIG));
  }

  private static String value(Config settings, String name) {
    return settings.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .map(entry -> String.valueOf(entry.value()))
        .collect(Collectors.joining());
  }

  private static ConfigResource resource(TopicPlan plan) {
    return new ConfigResource(ConfigResource.Type.TOPIC, plan.name());
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException cause) {
        throw cause;
      }
      throw new KafkaException(e.getCause());
    }
  }
}
