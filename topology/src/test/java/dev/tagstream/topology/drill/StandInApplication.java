package dev.tagstream.topology.drill;

import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.batch.StandInDevice;
import dev.tagstream.topology.batch.StandInTagging;
import dev.tagstream.topology.batch.StandInTopology;
import dev.tagstream.topology.commit.ControlClients;
import dev.tagstream.topology.commit.LaggingCommit;
import dev.tagstream.topology.commit.ProcessingGuarantee;
import dev.tagstream.topology.commit.ReplacementLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The main of a child JVM: real processor, clients and engine over a stand-in device. It ends when
 * its standard input does, that is with the JVM that started it.
 */
public final class StandInApplication {

  static final String GROUP = "stand-in";
  static final int THREADS = 2;

  private StandInApplication() {}

  /**
   * Arguments: bootstrap servers, guarantee, whether offsets are lowered, share of failing batches,
   * seed.
   */
  public static void main(String[] args) throws IOException {
    KafkaStreams streams =
        streams(
            config(args[0], ProcessingGuarantee.valueOf(args[1])),
            Boolean.parseBoolean(args[2]),
            new StandInDevice(Long.parseLong(args[4]), 0.2, Double.parseDouble(args[3])),
            Long.parseLong(args[4]));
    streams.setUncaughtExceptionHandler(new ReplacementLimit(100, Duration.ofMinutes(1)));
    streams.start();
    while (System.in.read() >= 0) {
      // Nobody writes; only the end counts.
    }
    Runtime.getRuntime().halt(1);
  }

  private static KafkaStreams streams(
      Properties config, boolean lowered, StandInDevice device, long seed) {
    StandInTagging tagging =
        new StandInTagging(new BatchEngine(device, BatchOptions.ofSize(32)), seed, 5_000);
    KafkaClientSupplier clients =
        lowered ? LaggingCommit.clientSupplier() : ControlClients.withoutLowering();
    return new KafkaStreams(
        StandInTopology.of(tagging, new PendingLimits(128, 1 << 20, Duration.ofSeconds(2))),
        config,
        clients);
  }

  private static Properties config(String bootstrapServers, ProcessingGuarantee guarantee) {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, GROUP);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, THREADS);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.streamsValue());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 64);
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir"));
    config.put("max.poll.records", 64);
    config.put("session.timeout.ms", 1_500);
    config.put("heartbeat.interval.ms", 300);
    config.put("transaction.timeout.ms", 4_000);
    Properties properties = new Properties();
    properties.putAll(config);
    return properties;
  }
}
