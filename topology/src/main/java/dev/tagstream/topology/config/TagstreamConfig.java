package dev.tagstream.topology.config;

import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.TopicRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
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
   * Topic names, and how {@code tagstream topics create} makes them.
   *
   * @param partitions of the events topic and therefore of the three result topics
   * @param replication copies of each partition; -1 for the broker's default
   * @param minInSyncReplicas {@code min.insync.replicas}; -1 for the broker's default
   */
  public record Topics(
      String events,
      String embeddings,
      String labels,
      String rejects,
      String labelSets,
      int partitions,
      int replication,
      int minInSyncReplicas,
      Duration eventRetention,
      Duration resultRetention,
      Duration rejectRetention) {

    /** The retention that keeps records for ever. */
    public static final Duration UNLIMITED = Duration.ofMillis(-1);

    /** The topic of each record that has one. */
    public Map<TopicRecord, String> byRecord() {
      return new EnumMap<>(
          Map.of(
              TopicRecord.IMAGE_EVENT, events,
              TopicRecord.IMAGE_EMBEDDING, embeddings,
              TopicRecord.IMAGE_LABELS, labels,
              TopicRecord.REJECTED_IMAGE, rejects,
              TopicRecord.LABEL_SET, labelSets));
    }

    /** The three topics results go to, each with the partitions of the events topic. */
    public List<String> results() {
      return List.of(embeddings, labels, rejects);
    }
  }

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
   * @param device {@code auto}, {@code cpu} or {@code cuda:N}
   * @param threads CPU threads that work on one batch; 0 shares the cores among the batches in
   *     flight
   * @param applyOrientation whether a picture is turned as its EXIF orientation says
   */
  public record Model(
      String path, Path store, String device, int threads, boolean applyOrientation) {

    /** The path that names the bundled model. */
    public static final String STARTER = "starter";
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
   * Batches.
   *
   * @param maxSize images in a full batch; 0 leaves it to the device, see {@link #sizeOn}
   * @param inFlight batches handed to the device and not finished
   * @param decodeWorkers threads that fetch and decode pictures; never 0 here: resolved from the
   *     number of cores
   */
  public record Batch(int maxSize, int inFlight, int decodeWorkers) {
    /** Larger ones gain nothing on a CPU; they only keep their first image waiting. */
    private static final int SIZE_ON_CPU = 8;

    private static final int SIZE_ON_GPU = 64;

    /**
     * Images in a full batch on a device.
     *
     * @param device {@code cpu} or {@code cuda:N}; {@code auto} counts as the larger
     */
    public int sizeOn(String device) {
      if (maxSize > 0) {
        return maxSize;
      }
      return device.equals("cpu") ? SIZE_ON_CPU : SIZE_ON_GPU;
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
