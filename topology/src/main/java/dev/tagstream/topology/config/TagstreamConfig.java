package dev.tagstream.topology.config;

import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.schemas.RegistryConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The effective configuration. Immutable; made by {@link ConfigLoader}, which has checked every
 * value and the relations between them. {@code tagstream config --reference} prints each key with
 * its default, what is allowed, and what it does.
 *
 * @param kafka what the {@code kafka} section passes through to the Kafka clients, by Kafka's own
 *     names; always has {@code bootstrap.servers}
 */
public record TagstreamConfig(
    Application application,
    Processing processing,
    Topics topics,
    Registry registry,
    Model model,
    Hub hub,
    Batch batch,
    Limits limits,
    Sources sources,
    Labels labels,
    Rejects rejects,
    Web web,
    Logging logging,
    Map<String, String> kafka) {

  public TagstreamConfig {
    kafka = Map.copyOf(kafka);
  }

  /** The comma-separated brokers to start from. */
  public String bootstrapServers() {
    return kafka.getOrDefault("bootstrap.servers", "");
  }

  /**
   * The instance.
   *
   * @param id consumer group and prefix of the transactional ids: the same on every instance
   * @param threads stream threads in this process
   * @param stateDir folder for Kafka Streams' own files
   */
  public record Application(String id, int threads, Path stateDir) {}

  /** What a consumer is promised. */
  public enum Guarantee {
    /** One result per input offset for {@code read_committed} consumers, under any crash. */
    EXACTLY_ONCE,
    /** After a crash results may appear twice; none is lost. */
    AT_LEAST_ONCE
  }

  /**
   * Commits and their deadlines.
   *
   * @param fullWait how long a task with no room for another record waits before its thread is
   *     replaced; longer than {@link Sources#timeout}, shorter than {@code transactionTimeout}
   * @param maxReplacements thread replacements within {@code replacementWindow} after which the
   *     application stops with an error
   */
  public record Processing(
      Guarantee guarantee,
      Duration commitInterval,
      Duration transactionTimeout,
      Duration fullWait,
      int maxReplacements,
      Duration replacementWindow) {}

  /**
   * The schema registry.
   *
   * @param urls tried in order
   * @param properties Confluent's own client settings: authentication, TLS
   */
  public record Registry(List<String> urls, Map<String, String> properties) {
    public Registry {
      urls = List.copyOf(urls);
      properties = Map.copyOf(properties);
    }

    /** The same for the schemas' own clients. */
    public RegistryConfig client() {
      return new RegistryConfig(urls, properties);
    }
  }

  /**
   * The checkpoint and how it runs.
   *
   * @param path a checkpoint folder, the name of a pulled one, or {@link #STARTER}
   * @param store where pulled checkpoints are
   * @param devices one, or several different GPUs; never none
   * @param compute {@code auto}, {@code f32} or {@code f16}
   * @param threads CPU threads that work on one batch; 0 shares the cores among the batches in
   *     flight
   * @param applyOrientation whether a picture is turned as its EXIF orientation says
   */
  public record Model(
      String path,
      Path store,
      List<DeviceChoice> devices,
      String compute,
      int threads,
      boolean applyOrientation) {

    /** The path that names the bundled model. */
    public static final String STARTER = "starter";

    public Model {
      devices = List.copyOf(devices);
    }
  }

  /**
   * Where `tagstream model pull` fetches from; running asks no hub for anything.
   *
   * @param token empty: none
   */
  public record Hub(String url, String token) {
    /** Never shows the token. */
    @Override
    public String toString() {
      return "Hub[url=" + url + ", token=" + (token.isEmpty() ? "none" : Secrets.MASK) + "]";
    }
  }

  /**
   * The bounds that hold whatever arrives.
   *
   * @param maxEventBytes largest record on any topic: drives the topics' {@code max.message.bytes},
   *     the producers' {@code max.request.size} and the consumers' fetch sizes
   * @param maxImageBytes largest picture file fetched by reference
   * @param maxPixels largest picture decoded, width times height
   * @param pollRecords records taken by one poll of a stream thread
   * @param bufferedRecords records per partition waiting to be processed before it is paused
   * @param pendingRecords records per partition in work or waiting for their turn
   * @param pendingBytes bytes per partition of the same
   * @param producerBufferBytes memory of one producer
   */
  public record Limits(
      long maxEventBytes,
      long maxImageBytes,
      long maxPixels,
      int pollRecords,
      int bufferedRecords,
      int pendingRecords,
      long pendingBytes,
      long producerBufferBytes) {}

  /**
   * Pictures by reference.
   *
   * @param fileAllow folders below which {@code file:} URIs may point; none by default
   * @param timeout how long one picture may take to arrive
   */
  public record Sources(List<Path> fileAllow, Duration timeout) {
    public Sources {
      fileAllow = List.copyOf(fileAllow);
    }
  }

  /**
   * Label sets.
   *
   * @param files label sets in YAML, known from the start
   * @param policy a YAML file, {@link #DEFAULT_POLICY} or {@link #NO_POLICY}
   * @param unknownSetWait how long an event waits for a label set that is not known yet
   */
  public record Labels(List<Path> files, String policy, Duration unknownSetWait) {
    /** The policy that comes with Tagstream. */
    public static final String DEFAULT_POLICY = "default";

    /** Any label goes. */
    public static final String NO_POLICY = "none";

    public Labels {
      files = List.copyOf(files);
    }
  }

  /**
   * Rejects.
   *
   * @param keepBytes whether a reject carries the event it came from
   */
  public record Rejects(boolean keepBytes) {}

  /**
   * Metrics and health over HTTP.
   *
   * @param port 0 takes any free one
   * @param deviceStuckAfter longest call of the device that counts as alive; zero leaves it to what
   *     was measured at the start
   */
  public record Web(String host, int port, Duration deviceStuckAfter) {}

  /** How a log line looks. */
  public enum LogFormat {
    /** {@link #TEXT} on a terminal, {@link #JSON} elsewhere. */
    AUTO,
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  /** Logs of {@code tagstream run}. */
  public record Logging(LogFormat format) {}
}
