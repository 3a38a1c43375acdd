package dev.tagstream.topology.labels;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link LabelSets} in step with the label-sets topic. A record that is no usable label set
 * is logged and leaves the last good version of its set in force.
 *
 * <p>Threading: owns its consumer and one thread, which also compiles; the broker never waits for
 * it, since the consumer is in no group.
 */
public final class LabelTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabelTopic.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long RETRY_MILLIS = 1_000;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final LabelSetDecoder decoder;
  private final LabelSets sets;
  private final CompletableFuture<Void> initialRead = new CompletableFuture<>();
  private final Thread thread;
  private final LongAdder rejected = new LongAdder();
  private volatile boolean closed;

  /** Decodes a record's value. */
  public interface LabelSetDecoder {
    /**
     * The label set.
     *
     * @throws Exception if the bytes are none; the message says why
     */
    LabelSet decode(byte[] value) throws Exception;
  }

  /** Reads nothing yet; will let in what the gate does. */
  public static LabelTopic of(
      TagstreamConfig config, LabelGate gate, AvroCodecs codecs, LabelSets sets) {
    String topic = config.topics().labelSets();
    var codec = codecs.codec(dev.tagstream.events.LabelSet.class);
    return new LabelTopic(
        new KafkaConsumer<>(ClientSettings.consumer(config)),
        topic,
        value -> gate.admit(LabelSetRecords.fromRecord(codec.fromBytes(topic, value))),
        sets);
  }

  /**
   * Reads nothing yet.
   *
   * @param consumer in no group, {@code read_committed}; closed by this object
   */
  public LabelTopic(
      Consumer<byte[], byte[]> consumer, String topic, LabelSetDecoder decoder, LabelSets sets) {
    this.consumer = consumer;
    this.topic = topic;
    this.decoder = decoder;
    this.sets = sets;
    this.thread = new Thread(this::run, "label-sets");
    this.thread.setDaemon(true);
  }

  /** Starts reading; the future is done once everything in the topic at that time is in force. */
  public CompletableFuture<Void> start() {
    thread.start();
    return initialRead;
  }

  /** Records that were no usable label set, since the start. Any thread may ask. */
  public long rejected() {
    return rejected.sum();
  }

  /** Whether changes of label sets are still being read; false before the start too. */
  public boolean following() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (consumer) {
      readToTheEnd();
      initialRead.complete(null);
      while (!closed) {
        apply(poll());
      }
    } catch (WakeupException e) {
      if (!closed) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      LOG.error("Reading label sets from topic {} ended; sets stay as they are", topic, e);
      initialRead.completeExceptionally(e);
      if (e instanceof Error) {
        throw e;
      }
    }
  }

  /** Everything first and only then in force, so that old versions cost no compilation. */
  private void readToTheEnd() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<String, Optional<LabelSet>> latest = new LinkedHashMap<>();
    while (!closed
        && ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      latest.putAll(poll());
    }
    apply(latest);
  }

  /** The last usable version of each set in what a poll brought; empty means removed. */
  private Map<String, Optional<LabelSet>> poll() {
    Map<String, Optional<LabelSet>> changes = new LinkedHashMap<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        decode(record, changes);
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("Cannot read label sets from topic {}, trying again: {}", topic, e.toString());
      pause();
    }
    return changes;
  }

  private void decode(
      ConsumerRecord<byte[], byte[]> record, Map<String, Optional<LabelSet>> changes) {
    if (record.key() == null) {
      ignore(record, "it has no key; the key must be the set's name");
      return;
    }
    String name = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      changes.put(name, Optional.empty());
      return;
    }
    try {
      LabelSet set = decoded(record.value());
      if (set.name().equals(name)) {
        changes.put(name, Optional.of(set));
      } else {
        ignore(record, "its key '" + name + "' is not the set's name '" + set.name() + "'");
      }
    } catch (WakeupException e) {
      throw e;
    } catch (Exception e) {
      ignore(record, e.getMessage());
    }
  }

  /** Waits for a registry out of reach: to pass over the record would lose it. */
  private LabelSet decoded(byte[] value) throws Exception {
    while (!closed) {
      try {
        return decoder.decode(value);
      } catch (RegistryUnavailableException e) {
        LOG.warn("Cannot decode a label set, trying again: {}", e.getMessage());
        pause();
      }
    }
    throw new WakeupException();
  }

  private void apply(Map<String, Optional<LabelSet>> changes) {
    changes.forEach(
        (name, change) -> {
          try {
            change.ifPresentOrElse(sets::put, () -> sets.remove(name));
            LOG.info(
                "Label set '{}': {}",
                name,
                change.map(set -> "version " + set.version() + " in force").orElse("removed"));
          } catch (RuntimeException e) {
            rejected.increment();
            LOG.warn("Label set '{}' could not be compiled, the last one stays", name, e);
          }
        });
  }

  private void ignore(ConsumerRecord<byte[], byte[]> record, @Nullable String why) {
    rejected.increment();
    LOG.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("Ignored a label set: {}", why);
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}
