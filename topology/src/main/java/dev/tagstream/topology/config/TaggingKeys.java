package dev.tagstream.topology.config;

import dev.tagstream.model.hub.HubOptions;
import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.model.runtime.DeviceChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of the model, batches, bounds, sources, label sets and rejects. */
final class TaggingKeys {
  private static final KeyList KEYS = new KeyList();

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private static final ValueType<Path> FOLDER = ValueTypes.path("the path of a folder");

  static final Key<String> MODEL_PATH =
      KEYS.add(
          "model.path",
          ValueTypes.text(
              Pattern.compile(".*\\S.*"),
              "starter, the path of a checkpoint, or the name of a pulled one"),
          TagstreamConfig.Model.STARTER,
          "The checkpoint: a folder as it was published; OWNER/NAME or OWNER/NAME@REVISION of one"
              + " that `tagstream model pull` fetched; or starter.");
  static final Key<Path> MODEL_STORE =
      KEYS.add(
          "model.store",
          FOLDER,
          ModelStore.defaultFolder(
              System.getProperty("os.name"),
              Path.of(System.getProperty("user.home")),
              System.getenv()),
          "Folder of the pulled checkpoints.");
  static final Key<List<DeviceChoice>> DEVICE =
      KEYS.add(
          "model.device",
          new DeviceListType(),
          List.of(new DeviceChoice.Auto()),
          "Where the model runs; auto: the first GPU if there is one. Several GPUs share the work.");
  static final Key<String> COMPUTE =
      KEYS.add(
          "model.compute",
          ValueTypes.text(Pattern.compile("auto|f32|f16"), "auto, f32 or f16"),
          "auto",
          "The number format it computes in; auto: F16 on CUDA, F32 on a CPU, which only emulates"
              + " F16.");
  static final Key<Integer> MODEL_THREADS =
      KEYS.add(
          "model.threads",
          ValueTypes.integer(0, 1024),
          0,
          "CPU threads that work on one batch; 0: the cores shared by the batches in flight.");
  static final Key<Boolean> ORIENTATION =
      KEYS.add(
          "model.applyOrientation",
          ValueTypes.flag(),
          true,
          "Turn pictures as their EXIF orientation says; false: strictly as the reference does.");

  static final Key<String> HUB_URL =
      KEYS.add(
          "hub.url",
          ValueTypes.text(Pattern.compile("https?://\\S+"), "an http:// or https:// address"),
          HubOptions.PUBLIC_HUB,
          "The model hub that `tagstream model pull` asks, or a mirror of it.");
  static final Key<String> HUB_TOKEN =
      KEYS.add(
          "hub.token",
          ValueTypes.text(Pattern.compile("\\S*"), "a token, or empty for none"),
          "",
          "Sent to hub.url and nowhere else; for private and gated models.");

  static final Key<Integer> BATCH_SIZE =
      KEYS.add(
          "batch.maxSize",
          ValueTypes.integer(0, 4096),
          0,
          "Images in a full batch; 0: 8 on a CPU, where more gain nothing, 64 on a GPU.");
  static final Key<Integer> IN_FLIGHT =
      KEYS.add(
          "batch.inFlight", ValueTypes.integer(1, 64), 2, "Batches handed to a device at once.");
  static final Key<Integer> DECODE_WORKERS =
      KEYS.add(
          "batch.decodeWorkers",
          ValueTypes.integer(0, 1024),
          0,
          "Threads that fetch and decode pictures; 0: one for each core.");

  static final Key<Long> MAX_EVENT_BYTES =
      KEYS.add(
          "limits.maxEventBytes",
          ValueTypes.bytes(128 * KIB, GIB),
          8 * MIB,
          "Largest record on any topic: topic, producer and fetch sizes follow from it.");
  static final Key<Long> MAX_IMAGE_BYTES =
      KEYS.add(
          "limits.maxImageBytes",
          ValueTypes.bytes(KIB, GIB),
          16 * MIB,
          "Largest picture file taken by reference.");
  static final Key<Long> MAX_PIXELS =
      KEYS.add(
          "limits.maxPixels",
          ValueTypes.count(1, 1_000_000_000),
          24_000_000L,
          "Largest picture decoded: width times height.");
  static final Key<Integer> POLL_RECORDS =
      KEYS.add(
          "limits.pollRecords", ValueTypes.integer(1, 10_000), 32, "Records taken by one poll.");
  static final Key<Integer> BUFFERED_RECORDS =
      KEYS.add(
          "limits.bufferedRecords",
          ValueTypes.integer(1, 10_000),
          4,
          "Records of a partition that wait before it is paused.");
  static final Key<Integer> PENDING_RECORDS =
      KEYS.add(
          "limits.pendingRecords",
          ValueTypes.integer(1, 1_000_000),
          1_000,
          "Records of a partition in work or waiting for their turn.");
  static final Key<Long> PENDING_BYTES =
      KEYS.add(
          "limits.pendingBytes",
          ValueTypes.bytes(128 * KIB, 64 * GIB),
          16 * MIB,
          "Bytes of the same; at least limits.maxEventBytes.");
  static final Key<Long> PRODUCER_BUFFER =
      KEYS.add(
          "limits.producerBufferBytes",
          ValueTypes.bytes(128 * KIB, 64 * GIB),
          32 * MIB,
          "Memory of each thread's producer; at least limits.maxEventBytes.");

  static final Key<List<Path>> FILE_ALLOW =
      KEYS.add(
          "sources.file.allow",
          ValueTypes.listOf(FOLDER),
          List.of(),
          "Folders below which file: URIs may point; none: file: URIs are rejected.");
  static final Key<Duration> SOURCE_TIMEOUT =
      KEYS.add(
          "sources.timeout",
          ValueTypes.duration(MILLI, HOUR),
          Duration.ofSeconds(5),
          "How long one picture may take to arrive before its event is rejected.");

  static final Key<List<Path>> LABEL_FILES =
      KEYS.add(
          "labels.files",
          ValueTypes.listOf(ValueTypes.path("the path of a YAML file")),
          List.of(),
          "Label sets known from the start; the topic's win.");
  static final Key<String> LABEL_POLICY =
      KEYS.add(
          "labels.policy",
          ValueTypes.text(Pattern.compile(".*\\S.*"), "default, none, or the path of a YAML file"),
          TagstreamConfig.Labels.DEFAULT_POLICY,
          "Kinds of label that are warned of or refused; the default warns of labels that name or"
              + " identify people.");
  static final Key<Duration> UNKNOWN_SET_WAIT =
      KEYS.add(
          "labels.unknownSetWait",
          ValueTypes.duration(Duration.ZERO, HOUR),
          Duration.ofSeconds(2),
          "How long an event waits for a label set that is not known yet.");

  static final Key<Boolean> KEEP_BYTES =
      KEYS.add(
          "rejects.keepBytes",
          ValueTypes.flag(),
          true,
          "Whether a reject carries the event it came from; false where that is private.");

  private TaggingKeys() {}

  static List<Key<?>> all() {
    return KEYS.all();
  }
}
