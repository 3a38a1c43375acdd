package dev.tagstream.topology.config;

import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of the application, its guarantee, its topics and its registry. */
final class StreamingKeys {
  private static final KeyList KEYS = new KeyList();

  private static final Duration HOUR = Duration.ofHours(1);

  private static final ValueType<String> NAME =
      ValueTypes.text(
          Pattern.compile("(?!\\.\\.?$)[a-zA-Z0-9._-]{1,200}"),
          "1 to 200 letters, digits, dots, dashes or underscores");
  private static final ValueType<Path> FOLDER = ValueTypes.path("the path of a folder");

  static final Key<String> APPLICATION_ID =
      KEYS.add("application.id", NAME, "tagstream", "Consumer group; the same on every instance.");
  static final Key<Integer> THREADS =
      KEYS.add(
          "application.threads",
          ValueTypes.integer(1, 64),
          1,
          "Stream threads of this instance; each has transactions of its own.");
  static final Key<Path> STATE_DIR =
      KEYS.add(
          "application.stateDir",
          FOLDER,
          Path.of(System.getProperty("java.io.tmpdir"), "tagstream"),
          "Folder for the files of Kafka Streams itself.");

  static final Key<Guarantee> GUARANTEE =
      KEYS.add(
          "processing.guarantee",
          ValueTypes.oneOf(Guarantee.class),
          Guarantee.EXACTLY_ONCE,
          "What consumers are promised after a crash.");
  static final Key<Duration> COMMIT_INTERVAL =
      KEYS.add(
          "processing.commitInterval",
          ValueTypes.duration(Duration.ofMillis(10), Duration.ofMinutes(5)),
          Duration.ofMillis(100),
          "Time between commits; with exactly_once the main part of a consumer's latency.");
  static final Key<Duration> TRANSACTION_TIMEOUT =
      KEYS.add(
          "processing.transactionTimeout",
          ValueTypes.duration(Duration.ofSeconds(1), Duration.ofMinutes(15)),
          Duration.ofSeconds(10),
          "After this the broker gives up a transaction that was not committed.");
  static final Key<Duration> FULL_WAIT =
      KEYS.add(
          "processing.fullWait",
          ValueTypes.duration(Duration.ofMillis(100), HOUR),
          Duration.ofSeconds(7),
          "How long a partition with no room for another record waits before its thread is"
              + " replaced; between sources.timeout and processing.transactionTimeout.");
  static final Key<Integer> MAX_REPLACEMENTS =
      KEYS.add(
          "processing.maxReplacements",
          ValueTypes.integer(0, 1000),
          5,
          "Replaced threads within processing.replacementWindow after which the application stops.");
  static final Key<Duration> REPLACEMENT_WINDOW =
      KEYS.add(
          "processing.replacementWindow",
          ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
          Duration.ofMinutes(10),
          "See processing.maxReplacements.");

  static final Key<String> EVENTS =
      KEYS.add("topics.events", NAME, "image-events", "Topic of image events, the input.");
  static final Key<String> EMBEDDINGS =
      KEYS.add("topics.embeddings", NAME, "image-embeddings", "Topic of embeddings.");
  static final Key<String> LABELS =
      KEYS.add("topics.labels", NAME, "image-labels", "Topic of labels.");
  static final Key<String> REJECTS =
      KEYS.add(
          "topics.rejects", NAME, "image-rejects", "Topic of events that could not be tagged.");
  static final Key<String> LABEL_SETS =
      KEYS.add("topics.labelSets", NAME, "label-sets", "Compacted topic of label sets.");
  static final Key<Integer> PARTITIONS =
      KEYS.add(
          "topics.partitions",
          ValueTypes.integer(1, 10_000),
          6,
          "Partitions of the events topic and of the three result topics.");
  static final Key<Integer> REPLICATION =
      KEYS.add(
          "topics.replication",
          ValueTypes.countOrBrokerDefault(100),
          -1,
          "Copies of each partition, when topics are created.");
  static final Key<Integer> MIN_IN_SYNC =
      KEYS.add(
          "topics.minInSyncReplicas",
          ValueTypes.countOrBrokerDefault(100),
          -1,
          "Copies that must have a record before it counts as written, when topics are created.");
  static final Key<Duration> EVENT_RETENTION =
      KEYS.add(
          "topics.eventRetention",
          ValueTypes.retention(),
          Duration.ofDays(7),
          "How long events are kept, when topics are created.");
  static final Key<Duration> RESULT_RETENTION =
      KEYS.add(
          "topics.resultRetention",
          ValueTypes.retention(),
          Duration.ofDays(7),
          "How long embeddings and labels are kept, when topics are created.");
  static final Key<Duration> REJECT_RETENTION =
      KEYS.add(
          "topics.rejectRetention",
          ValueTypes.retention(),
          Duration.ofDays(30),
          "How long rejects are kept, when topics are created.");

  static final Key<List<String>> REGISTRY_URLS =
      KEYS.add(
          "registry.urls",
          ValueTypes.listOf(
              ValueTypes.text(
                  Pattern.compile("(https?|mock)://\\S+"), "an http:// or https:// address")),
          List.of("http://localhost:8081"),
          "Schema registries, tried in order.");

  private StreamingKeys() {}

  static List<Key<?>> all() {
    return KEYS.all();
  }
}
