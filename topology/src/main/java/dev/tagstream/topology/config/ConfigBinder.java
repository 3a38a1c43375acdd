package dev.tagstream.topology.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns raw values into typed ones and collects whatever is wrong with them. */
final class ConfigBinder {
  private final Map<String, RawValue> raw;
  private final List<ConfigProblem> problems;
  private final List<Setting> settings = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  ConfigBinder(Map<String, RawValue> raw, List<ConfigProblem> problems) {
    this.raw = raw;
    this.problems = problems;
  }

  /** Binds everything; what is wrong is added to the problems, with the default in its place. */
  LoadedConfig bind() {
    TagstreamConfig config =
        new TagstreamConfig(
            application(),
            processing(),
            topics(),
            new TagstreamConfig.Registry(
                get(StreamingKeys.REGISTRY_URLS), open(ConfigKeys.REGISTRY_PROPERTIES)),
            model(),
            new TagstreamConfig.Hub(get(TaggingKeys.HUB_URL), get(TaggingKeys.HUB_TOKEN)),
            batch(),
            limits(),
            new TagstreamConfig.Sources(
                get(TaggingKeys.FILE_ALLOW), get(TaggingKeys.SOURCE_TIMEOUT)),
            new TagstreamConfig.Labels(
                get(TaggingKeys.LABEL_FILES),
                get(TaggingKeys.LABEL_POLICY),
                get(TaggingKeys.UNKNOWN_SET_WAIT)),
            new TagstreamConfig.Rejects(get(TaggingKeys.KEEP_BYTES)),
            new TagstreamConfig.Web(
                get(OperationKeys.WEB_HOST),
                get(OperationKeys.WEB_PORT),
                get(OperationKeys.DEVICE_STUCK_AFTER)),
            new TagstreamConfig.Logging(get(OperationKeys.LOG_FORMAT)),
            kafka());
    refuseUnknown();
    if (problems.isEmpty()) {
      ConfigRelations.check(config, this::origin, problems);
    }
    return new LoadedConfig(config, settings);
  }

  private TagstreamConfig.Application application() {
    return new TagstreamConfig.Application(
        get(StreamingKeys.APPLICATION_ID),
        get(StreamingKeys.THREADS),
        get(StreamingKeys.STATE_DIR));
  }

  private TagstreamConfig.Processing processing() {
    return new TagstreamConfig.Processing(
        get(StreamingKeys.GUARANTEE),
        get(StreamingKeys.COMMIT_INTERVAL),
        get(StreamingKeys.TRANSACTION_TIMEOUT),
        get(StreamingKeys.FULL_WAIT),
        get(StreamingKeys.MAX_REPLACEMENTS),
        get(StreamingKeys.REPLACEMENT_WINDOW));
  }

  private Topics topics() {
    return new Topics(
        get(StreamingKeys.EVENTS),
        get(StreamingKeys.EMBEDDINGS),
        get(StreamingKeys.LABELS),
        get(StreamingKeys.REJECTS),
        get(StreamingKeys.LABEL_SETS),
        get(StreamingKeys.PARTITIONS),
        get(StreamingKeys.REPLICATION),
        get(StreamingKeys.MIN_IN_SYNC),
        get(StreamingKeys.EVENT_RETENTION),
        get(StreamingKeys.RESULT_RETENTION),
        get(StreamingKeys.REJECT_RETENTION));
  }

  private TagstreamConfig.Model model() {
    return new TagstreamConfig.Model(
        get(TaggingKeys.MODEL_PATH),
        get(TaggingKeys.MODEL_STORE),
        get(TaggingKeys.DEVICE),
        get(TaggingKeys.COMPUTE),
        get(TaggingKeys.MODEL_THREADS),
        get(TaggingKeys.ORIENTATION));
  }

  private Batch batch() {
    return new Batch(get(TaggingKeys.BATCH_SIZE), get(TaggingKeys.IN_FLIGHT), decodeWorkers());
  }

  /** What is shown is the number that holds, not the 0 that stands for it. */
  private int decodeWorkers() {
    int configured = get(TaggingKeys.DECODE_WORKERS);
    int workers = configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
    Setting shown = settings.remove(settings.size() - 1);
    settings.add(new Setting(shown.key(), workers, shown.origin()));
    return workers;
  }

  private TagstreamConfig.Limits limits() {
    return new TagstreamConfig.Limits(
        get(TaggingKeys.MAX_EVENT_BYTES),
        get(TaggingKeys.MAX_IMAGE_BYTES),
        get(TaggingKeys.MAX_PIXELS),
        get(TaggingKeys.POLL_RECORDS),
        get(TaggingKeys.BUFFERED_RECORDS),
        get(TaggingKeys.PENDING_RECORDS),
        get(TaggingKeys.PENDING_BYTES),
        get(TaggingKeys.PRODUCER_BUFFER));
  }

  private <T> T get(Key<T> key) {
    used.add(key.path());
    RawValue value = raw.get(key.path());
    T result = key.defaultValue();
    String origin = Setting.DEFAULT;
    if (value != null) {
      origin = value.origin();
      try {
        result = key.type().parse(value);
      } catch (IllegalArgumentException e) {
        report(key.path(), value, "must be " + key.type().allowed());
      }
    }
    settings.add(new Setting(key.path(), masked(key.path(), key.type().print(result)), origin));
    return result;
  }

  private Map<String, String> kafka() {
    Map<String, String> kafka = open(ConfigKeys.KAFKA);
    kafka.forEach(
        (name, text) ->
            ReservedKafkaKeys.objection(name)
                .ifPresent(
                    objection -> {
                      String path = ConfigKeys.KAFKA + "." + name;
                      report(path, RawValue.scalar(text, origin(path)), objection);
                    }));
    for (SettingReference missing : KafkaDefaults.missing(kafka)) {
      String value = String.valueOf(missing.defaultValue());
      kafka.put(KafkaDefaults.name(missing), value);
      settings.add(new Setting(missing.key(), value, Setting.DEFAULT));
    }
    return kafka;
  }

  /** All of an open section, by the names below it. */
  private Map<String, String> open(String section) {
    Map<String, String> values = new TreeMap<>();
    String prefix = section + ".";
    raw.forEach(
        (path, value) -> {
          if (path.startsWith(prefix) && path.length() > prefix.length()) {
            used.add(path);
            String text = String.join(",", value.items());
            values.put(path.substring(prefix.length()), text);
            settings.add(new Setting(path, masked(path, text), value.origin()));
          }
        });
    return values;
  }

  private void refuseUnknown() {
    List<String> known = ConfigKeys.all().stream().map(Key::path).toList();
    raw.forEach(
        (path, value) -> {
          if (!used.contains(path)) {
            report(path, value, "is not a setting" + whatIsAllowed(path, known));
          }
        });
  }

  private static String whatIsAllowed(String path, List<String> known) {
    Optional<String> nearest = Suggestions.nearest(path, known);
    if (nearest.isPresent()) {
      return "; did you mean " + nearest.get() + "?";
    }
    String section = path.contains(".") ? path.substring(0, path.indexOf('.') + 1) : path + ".";
    List<String> siblings = known.stream().filter(key -> key.startsWith(section)).toList();
    return siblings.isEmpty()
        ? "; the sections are "
            + String.join(
                ", ",
                Stream.concat(
                        known.stream().map(key -> key.substring(0, key.indexOf('.'))),
                        Stream.of(ConfigKeys.KAFKA))
                    .distinct()
                    .toList())
        : "; this section has " + String.join(", ", siblings);
  }

  private String origin(String path) {
    RawValue value = raw.get(path);
    return value == null ? Setting.DEFAULT : value.origin();
  }

  private void report(String path, RawValue value, String message) {
    problems.add(
        new ConfigProblem(path, Secrets.mask(path, value.text()), value.origin(), message));
  }

  private static Object masked(String path, Object value) {
    if (value instanceof List<?> items) {
      return items.stream().map(item -> Secrets.mask(path, String.valueOf(item))).toList();
    }
    return value instanceof String text ? Secrets.mask(path, text) : value;
  }
}
