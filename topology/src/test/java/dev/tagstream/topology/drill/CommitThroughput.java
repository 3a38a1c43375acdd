package dev.tagstream.topology.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.BatchStats;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.batch.StandInDevice;
import dev.tagstream.topology.batch.StandInTagging;
import dev.tagstream.topology.batch.StandInTopology;
import dev.tagstream.topology.commit.LaggingCommit;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * A measurement, not a test: what share of the stand-in device's throughput an application under
 * exactly-once reaches, from a preloaded topic to a {@code read_committed} consumer. The ideal is
 * the same engine fed from memory in the same process.
 *
 * <p>Arguments: number of events, commit interval in milliseconds.
 */
public final class CommitThroughput {

  private static final int PARTITIONS = 6;
  private static final BatchOptions BATCHES = BatchOptions.ofSize(32);

  private CommitThroughput() {}

  public static void main(String[] args) throws Exception {
    int events = Integer.parseInt(args[0]);
    int commitMillis = Integer.parseInt(args[1]);
    double before = ideal(events);
    double endToEnd = endToEnd(events, commitMillis);
    double after = ideal(events);
    double ideal = (before + after) / 2;
    System.out.printf(
        "ideal %.0f/s (%.0f before, %.0f after), end to end %.0f/s at commit %d ms: share %.3f%n",
        ideal, before, after, endToEnd, commitMillis, endToEnd / ideal);
  }

  private static double ideal(int events) throws Exception {
    try (BatchEngine engine = new BatchEngine(new StandInDevice(1, 0, 0), BATCHES)) {
      long start = System.nanoTime();
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        results.add(engine.submit(new byte[3]));
      }
      for (CompletableFuture<float[]> result : results) {
        result.get();
      }
      return perSecond(events, start);
    }
  }

  private static double endToEnd(int events, int commitMillis) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary());
        BatchEngine engine = new BatchEngine(new StandInDevice(1, 0, 0), BATCHES)) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      preload(client, events);
      PendingLimits limits = new PendingLimits(256, 1 << 20, Duration.ofSeconds(5));
      KafkaStreams streams =
          new KafkaStreams(
              StandInTopology.of(new StandInTagging(engine, 1, 0), limits),
              config(client, commitMillis),
              LaggingCommit.clientSupplier());
      streams.start();
      try {
        return readAll(client, events, engine);
      } finally {
        streams.close();
      }
    }
  }

  private static Properties config(Map<String, Object> client, int commitMillis) {
    Properties config = new Properties();
    config.putAll(client);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "throughput");
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitMillis);
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir"));
    return config;
  }

  private static void preload(Map<String, Object> client, int events) throws Exception {
    try (Admin admin = Admin.create(client);
        var producer =
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin
          .createTopics(
              Stream.concat(Stream.of(StandInTopology.INPUT), StandInTopology.OUTPUTS.stream())
                  .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
      for (int i = 0; i < events; i++) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    StandInTopology.INPUT, i % PARTITIONS, null, ("event " + i).getBytes(UTF_8)));
      }
    }
  }

  /** Images a second from the first result seen to the last; rejects need no device. */
  private static double readAll(Map<String, Object> client, int events, BatchEngine engine) {
    Map<String, Object> reading = new HashMap<>(client);
    reading.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of("embeddings", "rejects")
              .flatMap(
                  topic ->
                      IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long start = 0;
      int seen = 0;
      int images = 0;
      BatchStats first = engine.stats();
      while (seen < events) {
        for (var result : consumer.poll(Duration.ofMillis(10))) {
          seen++;
          images += result.topic().equals("embeddings") ? 1 : 0;
        }
        if (start == 0 && seen > 0) {
          start = System.nanoTime();
          images = 0;
          first = engine.stats();
        }
      }
      double rate = perSecond(images, start);
      System.out.println("mean batch " + engine.stats().since(first).meanBatch());
      return rate;
    }
  }

  private static double perSecond(int count, long start) {
    return count * 1e9 / (System.nanoTime() - start);
  }
}
