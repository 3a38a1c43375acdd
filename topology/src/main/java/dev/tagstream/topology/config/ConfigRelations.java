package dev.tagstream.topology.config;

import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.topology.commit.CommitPreconditions;
import dev.tagstream.topology.commit.CommitPreconditions.Timing;
import dev.tagstream.topology.commit.ProcessingGuarantee;
import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Checks settings against each other. */
final class ConfigRelations {
  /** Kafka's default for {@code max.poll.interval.ms}. */
  private static final long MAX_POLL_INTERVAL_MS = 300_000;

  /** Deadlines are checked here, by the names of Tagstream's own settings. */
  private static final Timing UNHURRIED = new Timing(Duration.ZERO, Duration.ofMillis(1));

  private final TagstreamConfig config;
  private final UnaryOperator<String> origin;
  private final List<ConfigProblem> problems;

  private ConfigRelations(
      TagstreamConfig config, UnaryOperator<String> origin, List<ConfigProblem> problems) {
    this.config = config;
    this.origin = origin;
    this.problems = problems;
  }

  static void check(
      TagstreamConfig config, UnaryOperator<String> origin, List<ConfigProblem> problems) {
    ConfigRelations relations = new ConfigRelations(config, origin, problems);
    relations.devices();
    relations.deadlines();
    relations.topicNames();
    relations.sizes();
    relations.passedThrough();
  }

  private void devices() {
    List<DeviceChoice> devices = config.model().devices();
    DeviceListType.objection(devices)
        .ifPresent(objection -> report("model.device", join(devices), objection));
  }

  private static String join(List<DeviceChoice> devices) {
    return String.join(",", devices.stream().map(DeviceChoice::toString).toList());
  }

  private void deadlines() {
    Duration source = config.sources().timeout();
    Duration wait = config.processing().fullWait();
    Duration transaction = config.processing().transactionTimeout();
    if (source.compareTo(wait) >= 0) {
      report(
          "sources.timeout",
          TimeSpan.print(source),
          "must be below processing.fullWait ("
              + TimeSpan.print(wait)
              + "), so that a slow picture is rejected before its partition is given up");
    }
    if (wait.compareTo(transaction) >= 0) {
      report(
          "processing.fullWait",
          TimeSpan.print(wait),
          "must be below processing.transactionTimeout ("
              + TimeSpan.print(transaction)
              + "), so that the wait ends before the broker gives up the transaction");
    }
    if (config.processing().commitInterval().compareTo(transaction) >= 0) {
      report(
          "processing.commitInterval",
          TimeSpan.print(config.processing().commitInterval()),
          "must be below processing.transactionTimeout (" + TimeSpan.print(transaction) + ")");
    }
    long pollInterval = maxPollInterval();
    if (wait.toMillis() >= pollInterval) {
      report(
          "processing.fullWait",
          TimeSpan.print(wait),
          "must be below kafka.max.poll.interval.ms (" + pollInterval + " ms)");
    }
  }

  private long maxPollInterval() {
    for (String key :
        List.of(
            "main.consumer.max.poll.interval.ms",
            "consumer.max.poll.interval.ms",
            "max.poll.interval.ms")) {
      String text = config.kafka().get(key);
      if (text != null) {
        try {
          return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
          report("kafka." + key, text, "must be a whole number of milliseconds");
        }
      }
    }
    return MAX_POLL_INTERVAL_MS;
  }

  private void topicNames() {
    Topics topics = config.topics();
    Set<String> seen = new HashSet<>();
    String[][] names = {
      {"topics.events", topics.events()},
      {"topics.embeddings", topics.embeddings()},
      {"topics.labels", topics.labels()},
      {"topics.rejects", topics.rejects()},
      {"topics.labelSets", topics.labelSets()}
    };
    for (String[] name : names) {
      if (!seen.add(name[1])) {
        report(name[0], name[1], "names a topic that another setting names already");
      }
    }
    if (topics.replication() > 0 && topics.minInSyncReplicas() > topics.replication()) {
      report(
          "topics.minInSyncReplicas",
          Integer.toString(topics.minInSyncReplicas()),
          "must not be above topics.replication (" + topics.replication() + ")");
    }
  }

  private void sizes() {
    TagstreamConfig.Limits limits = config.limits();
    String event = "limits.maxEventBytes (" + ByteSize.print(limits.maxEventBytes()) + ")";
    if (limits.pendingBytes() < limits.maxEventBytes()) {
      report(
          "limits.pendingBytes",
          ByteSize.print(limits.pendingBytes()),
          "must be at least " + event + ", or the largest event could never be worked on");
    }
    if (limits.producerBufferBytes() < limits.maxEventBytes()) {
      report(
          "limits.producerBufferBytes",
          ByteSize.print(limits.producerBufferBytes()),
          "must be at least " + event + ", or the largest record could never be sent");
    }
  }

  /** What would undo the lagging commit, each on its own so that it is told with its origin. */
  private void passedThrough() {
    ProcessingGuarantee guarantee =
        config.processing().guarantee() == Guarantee.EXACTLY_ONCE
            ? ProcessingGuarantee.EXACTLY_ONCE
            : ProcessingGuarantee.AT_LEAST_ONCE;
    new TreeMap<>(config.kafka())
        .forEach(
            (key, value) ->
                CommitPreconditions.check(Map.of(key, value), guarantee, UNHURRIED)
                    .forEach(
                        sentence -> {
                          String path = ConfigKeys.KAFKA + "." + key;
                          problems.add(new ConfigProblem(path, null, origin.apply(path), sentence));
                        }));
  }

  private void report(String key, String value, String message) {
    problems.add(new ConfigProblem(key, value, origin.apply(key), message));
  }
}
