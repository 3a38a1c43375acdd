package dev.tagstream.topology.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tagstream.topology.batch.AsyncTagging;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.batch.StandInTopology;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import dev.tagstream.topology.embedded.EmbeddedBrokerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** A broker of its own for a test, and applications that are closed with it. */
final class RealBroker implements AutoCloseable {

  static final String GROUP = "under-test";
  static final PendingLimits ROOMY = new PendingLimits(1_000, 1 << 20, Duration.ofSeconds(5));

  private final Path folder;
  private final Map<String, String> properties;
  private final List<KafkaStreams> applications = new ArrayList<>();
  private EmbeddedBroker broker;
  private final Map<String, Object> client;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> results = new ArrayList<>();

  RealBroker(Path folder, int partitions) throws Exception {
    this(folder, partitions, Map.of());
  }

  RealBroker(Path folder, int partitions, Map<String, String> properties) throws Exception {
    this.folder = folder;
    this.properties = properties;
    broker = startOnQuietPort();
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(client);
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    admin
        .createTopics(
            Stream.concat(Stream.of(StandInTopology.INPUT), StandInTopology.OUTPUTS.stream())
                .map(topic -> new NewTopic(topic, partitions, (short) 1))
                .toList())
        .all()
        .get();
    Map<String, Object> reading = new HashMap<>(client);
    reading.put("isolation.level", "read_committed");
    consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> labels =
        IntStream.range(0, partitions).mapToObj(p -> new TopicPartition("labels", p)).toList();
    consumer.assign(labels);
    consumer.seekToBeginning(labels);
  }

  /**
   * A port below those that the system gives to clients: one of them, knocking on a broker that is
   * away, could otherwise take its port.
   */
  private EmbeddedBroker startOnQuietPort() {
    Random random = new Random();
    while (true) {
      try {
        return start(20_000 + random.nextInt(10_000));
      } catch (EmbeddedBrokerException e) {
        if (!String.valueOf(e.getMessage()).contains("in use")) {
          throw e;
        }
      }
    }
  }

  private EmbeddedBroker start(int port) {
    return EmbeddedBroker.start(
        BrokerOptions.temporary()
            .withLogFolder(folder)
            .withPort(port)
            .withQuickFailover()
            .withProperties(properties));
  }

  /** Takes the broker away; the same one comes back with {@link #resume}. */
  void suspend() {
    broker.close();
  }

  void resume() {
    broker = start(broker.port());
  }

  KafkaStreams application(
      ProcessingGuarantee guarantee, AsyncTagging tagging, PendingLimits limits) {
    return application(
        guarantee,
        StandInTopology.of(tagging, limits),
        new ReplacementLimit(0, Duration.ofMinutes(1)),
        Map.of(),
        LaggingCommit.clientSupplier());
  }

  KafkaStreams application(
      ProcessingGuarantee guarantee,
      Topology topology,
      ReplacementLimit replacements,
      Map<String, Object> settings,
      KafkaClientSupplier clients) {
    Properties config = new Properties();
    config.putAll(client);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, GROUP);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.streamsValue());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    config.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
    config.put("session.timeout.ms", 2_000);
    config.put("heartbeat.interval.ms", 300);
    config.putAll(settings);
    KafkaStreams streams = new KafkaStreams(topology, config, clients);
    streams.setUncaughtExceptionHandler(replacements);
    applications.add(streams);
    streams.start();
    return streams;
  }

  /** Publishes events with null keys to a partition. */
  void publish(int partition, int count) throws Exception {
    publish(partition, count, null);
  }

  void publish(int partition, int count, byte @Nullable [] key) throws Exception {
    for (int i = 0; i < count; i++) {
      producer
          .send(
              new ProducerRecord<>(
                  StandInTopology.INPUT, partition, key, ("event " + i).getBytes(UTF_8)))
          .get();
    }
  }

  /**
   * Publishes a tombstone whose timestamp is -1, which the broker takes from clients that set none.
   */
  void publishTombstoneWithoutTimestamp(int partition) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(StandInTopology.INPUT, partition, null, null) {
          @Override
          public Long timestamp() {
            return -1L;
          }
        };
    producer.send(record).get();
  }

  /** The group's committed offset of a partition; -1 if there is none. */
  long committed(String topic, int partition) throws Exception {
    var position =
        admin
            .listConsumerGroupOffsets(GROUP)
            .partitionsToOffsetAndMetadata()
            .get()
            .get(new TopicPartition(topic, partition));
    return position == null ? -1 : position.offset();
  }

  /**
   * The first offset still there in a topic's first partition; -1 if there is no such topic yet.
   */
  long beginning(String topic) throws Exception {
    if (!admin
        .listTopics(new ListTopicsOptions().listInternal(true))
        .names()
        .get()
        .contains(topic)) {
      return -1;
    }
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.earliest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  /** How much the broker has noted about transactions: the ends of its log of them, added up. */
  long transactionLogEnd() throws Exception {
    String topic = "__transaction_state";
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (var description : admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
      description
          .partitions()
          .forEach(
              info ->
                  partitions.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
    }
    return admin.listOffsets(partitions).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** The origins in the labels topic, {@code partition@offset}, in the order of a partition. */
  List<String> origins(int partition) {
    consumer.poll(Duration.ofMillis(10)).forEach(results::add);
    return results.stream()
        .filter(result -> result.partition() == partition)
        .map(result -> new String(result.value(), UTF_8).trim())
        .toList();
  }

  /** The results read so far. */
  List<ConsumerRecord<byte[], byte[]>> results() {
    return List.copyOf(results);
  }

  static List<String> expectedOrigins(int partition, int count) {
    return IntStream.range(0, count).mapToObj(offset -> partition + "@" + offset).toList();
  }

  /** Sum of a metric over an application's threads. */
  static double metric(KafkaStreams streams, String name) {
    return streams.metrics().entrySet().stream()
        .filter(m -> m.getKey().group().equals("stream-thread-metrics"))
        .filter(m -> m.getKey().name().equals(name))
        .mapToDouble(m -> (Double) m.getValue().metricValue())
        .sum();
  }

  /** Waits until the condition holds; the test's own time limit ends a vain wait. */
  static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Waits until the application's threads have gone round so many times. */
  static void awaitPolls(KafkaStreams streams, int polls) throws Exception {
    double start = metric(streams, "poll-total");
    await(() -> metric(streams, "poll-total") >= start + polls);
  }

  @Override
  public void close() {
    applications.forEach(streams -> streams.close(Duration.ofSeconds(20)));
    consumer.close();
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
    broker.close();
  }
}
