package dev.tagstream.topology.config;

import dev.tagstream.model.hub.HubOptions;
import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Every setting there is. The sections {@code kafka} and {@code registry.properties} are open. */
final class ConfigKeys {
  static final String KAFKA = "kafka";
  static final String REGISTRY_PROPERTIES = "registry.properties";
  static final List<String> OPEN_SECTIONS = List.of(KAFKA, REGISTRY_PROPERTIES);

  private static final List<Key<?>> ALL = new ArrayList<>();

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private static final ValueType<String> NAME =
      ValueTypes.text(
          Pattern.compile("(?!\\.\\.?$)[a-zA-Z0-9._-]{1,200}"),
          "1 to 200 letters, digits, dots, dashes or underscores");
  private static final ValueType<Path> FOLDER = ValueTypes.path("the path of a folder");

  static final Key<String> APPLICATION_ID =
      key("application.id", NAME, "tagstream", "Consumer group; the same on every instance.");
  static final Key<Integer> THREADS =
      key("application.threads", ValueTypes.integer(1, 64), 2, "Stream threads of this instance.");
  static final Key<Path> STATE_DIR =
      key(
          "application.stateDir",
          FOLDER,
          Path.of(System.getProperty("java.io.tmpdir"), "tagstream"),
          "Folder for the files of Kafka Streams itself.");

  static final Key<Guarantee> GUARANTEE =
      key(
          "processing.guarantee",
          ValueTypes.oneOf(Guarantee.class),
          Guarantee.EXACTLY_ONCE,
          "What consumers are promised after a crash.");
  static final Key<Duration> COMMIT_INTERVAL =
      key(
          "processing.commitInterval",
          ValueTypes.duration(Duration.ofMillis(10), Duration.ofMinutes(5)),
          Duration.ofMillis(100),
          "Time between commits; with exactly_once the main part of a consumer's latency.");
  static final Key<Duration> TRANSACTION_TIMEOUT =
      key(
          "processing.transactionTimeout",
          ValueTypes.duration(Duration.ofSeconds(1), Duration.ofMinutes(15)),
          Duration.ofSeconds(10),
          "After this the broker gives up a transaction that was not committed.");
  static final Key<Duration> FULL_WAIT =
      key(
          "processing.fullWait",
          ValueTypes.duration(Duration.ofMillis(100), HOUR),
          Duration.ofSeconds(7),
          "How long a partition with no room for another record waits before its thread is"
              + " replaced; between sources.timeout and processing.transactionTimeout.");
  static final Key<Integer> MAX_REPLACEMENTS =
      key(
          "processing.maxReplacements",
          ValueTypes.integer(0, 1000),
          5,
          "Replaced threads within processing.replacementWindow after which the application stops.");
  static final Key<Duration> REPLACEMENT_WINDOW =
      key(
          "processing.replacementWindow",
          ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
          Duration.ofMinutes(10),
          "See processing.maxReplacements.");

  static final Key<String> EVENTS =
      key("topics.events", NAME, "image-events", "Topic of image events, the input.");
  static final Key<String> EMBEDDINGS =
      key("topics.embeddings", NAME, "image-embeddings", "Topic of embeddings.");
  static final Key<String> LABELS = key("topics.labels", NAME, "image-labels", "Topic of labels.");
  static final Key<String> REJECTS =
      key("topics.rejects", NAME, "image-rejects", "Topic of events that could not be tagged.");
  static final Key<String> LABEL_SETS =
      key("topics.labelSets", NAME, "label-sets", "Compacted topic of label sets.");
  static final Key<Integer> PARTITIONS =
      key(
          "topics.partitions",
          ValueTypes.integer(1, 10_000),
          6,
          "Partitions of the events topic and of the three result topics.");
  static final Key<Integer> REPLICATION =
      key(
          "topics.replication",
          ValueTypes.countOrBrokerDefault(100),
          -1,
          "Copies of each partition, when topics are created.");
  static final Key<Integer> MIN_IN_SYNC =
      key(
          "topics.minInSyncReplicas",
          ValueTypes.countOrBrokerDefault(100),
          -1,
          "Copies that must have a record before it counts as written, when topics are created.");
  static final Key<Duration> EVENT_RETENTION =
      key(
          "topics.eventRetention",
          ValueTypes.retention(),
          Duration.ofDays(7),
          "How long events are kept, when topics are created.");
  static final Key<Duration> RESULT_RETENTION =
      key(
          "topics.resultRetention",
          ValueTypes.retention(),
          Duration.ofDays(7),
          "How long embeddings and labels are kept, when topics are created.");
  static final Key<Duration> REJECT_RETENTION =
      key(
          "topics.rejectRetention",
          ValueTypes.retention(),
          Duration.ofDays(30),
          "How long rejects are kept, when topics are created.");

  static final Key<List<String>> REGISTRY_URLS =
      key(
          "registry.urls",
          ValueTypes.listOf(
              ValueTypes.text(
                  Pattern.compile("(https?|mock)://\\S+"), "an http:// or https:// address")),
          List.of("http://localhost:8081"),
          "Schema registries, tried in order.");

  static final Key<String> MODEL_PATH =
      key(
          "model.path",
          ValueTypes.text(
              Pattern.compile(".*\\S.*"),
              "starter, the path of a checkpoint, or the name of a pulled one"),
          TagstreamConfig.Model.STARTER,
          "The checkpoint: a folder as it was published; OWNER/NAME or OWNER/NAME@REVISION of one"
              + " that `tagstream model pull` fetched; or starter.");
  static final Key<Path> MODEL_STORE =
      key(
          "model.store",
          FOLDER,
          ModelStore.defaultFolder(
              System.getProperty("os.name"),
              Path.of(System.getProperty("user.home")),
              System.getenv()),
          "Folder of the pulled checkpoints.");
  static final Key<String> DEVICE =
      key(
          "model.device",
          ValueTypes.text(Pattern.compile("auto|cpu|cuda:\\d{1,3}"), "auto, cpu or cuda:N"),
          "auto",
          "Where the model runs.");
  static final Key<Integer> MODEL_THREADS =
      key(
          "model.threads",
          ValueTypes.integer(0, 1024),
          0,
          "CPU threads that work on one batch; 0: the cores shared by the batches in flight.");
  static final Key<Boolean> ORIENTATION =
      key(
          "model.applyOrientation",
          ValueTypes.flag(),
          true,
          "Turn pictures as their EXIF orientation says; false: strictly as the reference does.");

  static final Key<String> HUB_URL =
      key(
          "hub.url",
          ValueTypes.text(Pattern.compile("https?://\\S+"), "an http:// or https:// address"),
          HubOptions.PUBLIC_HUB,
          "The model hub that `tagstream model pull` asks, or a mirror of it.");
  static final Key<String> HUB_TOKEN =
      key(
          "hub.token",
          ValueTypes.text(Pattern.compile("\\S*"), "a token, or empty for none"),
          "",
          "Sent to hub.url and nowhere else; for private and gated models.");

  static final Key<Integer> BATCH_SIZE =
      key(
          "batch.maxSize",
          ValueTypes.integer(0, 4096),
          0,
          "Images in a full batch; 0: 8 on a CPU, where more gain nothing, 64 on a GPU.");
  static final Key<Integer> IN_FLIGHT =
      key("batch.inFlight", ValueTypes.integer(1, 64), 2, "Batches handed to the device at once.");
  static final Key<Integer> DECODE_WORKERS =
      key(
          "batch.decodeWorkers",
          ValueTypes.integer(0, 1024),
          0,
          "Threads that fetch and decode pictures; 0: one for each core.");

  static final Key<Long> MAX_EVENT_BYTES =
      key(
          "limits.maxEventBytes",
          ValueTypes.bytes(128 * KIB, GIB),
          8 * MIB,
          "Largest record on any topic: topic, producer and fetch sizes follow from it.");
  static final Key<Long> MAX_IMAGE_BYTES =
      key(
          "limits.maxImageBytes",
          ValueTypes.bytes(KIB, GIB),
          16 * MIB,
          "Largest picture file taken by reference.");
  static final Key<Long> MAX_PIXELS =
      key(
          "limits.maxPixels",
          ValueTypes.count(1, 1_000_000_000),
          24_000_000L,
          "Largest picture decoded: width times height.");
  static final Key<Integer> POLL_RECORDS =
      key("limits.pollRecords", ValueTypes.integer(1, 10_000), 32, "Records taken by one poll.");
  static final Key<Integer> BUFFERED_RECORDS =
      key(
          "limits.bufferedRecords",
          ValueTypes.integer(1, 10_000),
          4,
          "Records of a partition that wait before it is paused.");
  static final Key<Integer> PENDING_RECORDS =
      key(
          "limits.pendingRecords",
          ValueTypes.integer(1, 1_000_000),
          1_000,
          "Records of a partition in work or waiting for their turn.");
  static final Key<Long> PENDING_BYTES =
      key(
          "limits.pendingBytes",
          ValueTypes.bytes(128 * KIB, 64 * GIB),
          16 * MIB,
          "Bytes of the same; at least limits.maxEventBytes.");
  static final Key<Long> PRODUCER_BUFFER =
      key(
          "limits.producerBufferBytes",
          ValueTypes.bytes(128 * KIB, 64 * GIB),
          32 * MIB,
          "Memory of each thread's producer; at least limits.maxEventBytes.");

  static final Key<List<Path>> FILE_ALLOW =
      key(
          "sources.file.allow",
          ValueTypes.listOf(FOLDER),
          List.of(),
          "Folders below which file: URIs may point; none: file: URIs are rejected.");
  static final Key<Duration> SOURCE_TIMEOUT =
      key(
          "sources.timeout",
          ValueTypes.duration(MILLI, HOUR),
          Duration.ofSeconds(5),
          "How long one picture may take to arrive before its event is rejected.");

  static final Key<List<Path>> LABEL_FILES =
      key(
          "labels.files",
          ValueTypes.listOf(ValueTypes.path("the path of a YAML file")),
          List.of(),
          "Label sets known from the start; the topic's win.");
  static final Key<String> LABEL_POLICY =
      key(
          "labels.policy",
          ValueTypes.text(Pattern.compile(".*\\S.*"), "default, none, or the path of a YAML file"),
          TagstreamConfig.Labels.DEFAULT_POLICY,
          "Kinds of label that are warned of or refused; the default warns of labels that name or"
              + " identify people.");
  static final Key<Duration> UNKNOWN_SET_WAIT =
      key(
          "labels.unknownSetWait",
          ValueTypes.duration(Duration.ZERO, HOUR),
          Duration.ofSeconds(2),
          "How long an event waits for a label set that is not known yet.");

  static final Key<Boolean> KEEP_BYTES =
      key(
          "rejects.keepBytes",
          ValueTypes.flag(),
          true,
          "Whether a reject carries the event it came from; false where that is private.");

  private ConfigKeys() {}

  static List<Key<?>> all() {
    return List.copyOf(ALL);
  }

  private static <T> Key<T> key(
      String path, ValueType<T> type, T defaultValue, String description) {
    Key<T> key = new Key<>(path, type, defaultValue, description);
    ALL.add(key);
    return key;
  }
}
