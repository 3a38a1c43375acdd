package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.containers.BrokerCluster;
import dev.tagstream.topology.containers.Containers;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.kafka.KafkaContainer;

/** The application on brokers that are operated as one operates them: each in its own container. */
@Timeout(420)
class BrokerContainersTest {
  private static final List<byte[]> PICTURES =
      DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList();

  @Test
  void everyEventIsAnsweredOnceAndInOrderThoughTheApplicationRestarts() throws Exception {
    try (MainJobPlatform platform = singleBroker()) {
      MainJob job = platform.job("single-broker");
      publish(job, 60);

      TagstreamApplication first = job.start();
      job.results(5);
      first.close();
      try (TagstreamApplication second = job.start()) {
        job.assertEachOffsetAnsweredOnceInOrder(60, job.results(60));
        assertThat(second.failure()).isEmpty();
      }
    }
  }

  @Nested
  class OfThreeBrokersOneIsKilled {
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static @Nullable BrokerCluster brokers;

    @BeforeAll
    static void startBrokers() throws IOException {
      Optional<String> obstacle = Containers.obstacle(Containers.kafkaImage());
      assumeTrue(obstacle.isEmpty(), () -> "three brokers need containers, but " + obstacle);
      brokers = BrokerCluster.start();
    }

    @AfterAll
    static void stopBrokers() {
      if (brokers != null) {
        brokers.close();
      }
    }

    @Test
    void everyEventIsAnsweredOnceAllTheWhile() throws Exception {
      try (MainJobPlatform platform = platform();
          Admin admin = Admin.create(client())) {
        MainJob job =
            platform.job(
                "three-replicas", "topics.replication", "3", "topics.minInSyncReplicas", "2");
        publish(job, 60);

        try (TagstreamApplication application = job.start()) {
          job.results(20);
          int victim = leaderOfTheFirst(admin, job);
          cluster().kill(victim);
          publish(job, 60);
          job.assertEachOffsetAnsweredOnceInOrder(120, job.results(120));
          assertThat(inSync(admin, job)).as("brokers in sync").doesNotContain(victim);

          cluster().revive(victim);
          awaitInSync(admin, job, 3);
          publish(job, 30);
          job.assertEachOffsetAnsweredOnceInOrder(150, job.results(150));
          assertThat(application.failure()).isEmpty();
        }
      }
    }

    /** A control: the same kill is felt where no other broker has the partition. */
    @Test
    void withoutReplicasNothingCanBePublishedUntilItIsBackAndThenEveryEventIsAnsweredOnce()
        throws Exception {
      try (MainJobPlatform platform = platform();
          Admin admin = Admin.create(client())) {
        MainJob job = platform.job("one-replica");
        publish(job, 60);

        try (TagstreamApplication application = job.start()) {
          job.results(20);
          int victim = leaderOfTheFirst(admin, job);
          cluster().kill(victim);
          assertThatThrownBy(() -> publishHastilyToTheFirst(job))
              .hasCauseInstanceOf(TimeoutException.class);

          cluster().revive(victim);
          awaitInSync(admin, job, 1);
          publish(job, 30);
          job.assertEachOffsetAnsweredOnceInOrder(90, job.results(90));
          assertThat(application.failure()).isEmpty();
        }
      }
    }

    private static BrokerCluster cluster() {
      return Objects.requireNonNull(brokers);
    }

    private static Map<String, Object> client() {
      return Map.of("bootstrap.servers", cluster().bootstrapServers());
    }

    private static MainJobPlatform platform() throws IOException {
      return onBrokers(cluster().bootstrapServers(), () -> {});
    }

    /** To the first partition, giving up before the broker can be back. */
    private static void publishHastilyToTheFirst(MainJob job) throws Exception {
      Map<String, Object> hasty = ClientSettings.producer(job.config());
      int patience = (int) PATIENCE.toMillis();
      hasty.put("linger.ms", 0);
      hasty.put("request.timeout.ms", patience / 3);
      hasty.put("delivery.timeout.ms", patience);
      hasty.put("max.block.ms", patience);
      try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(hasty)) {
        producer
            .send(new ProducerRecord<>(job.config().topics().events(), 0, null, PICTURES.get(0)))
            .get();
      }
    }

    private static int leaderOfTheFirst(Admin admin, MainJob job) throws Exception {
      return partitions(admin, List.of(job.config().topics().events())).get(0).leader().id();
    }

    private static List<Integer> inSync(Admin admin, MainJob job) throws Exception {
      return partitions(admin, job).stream()
          .flatMap(partition -> partition.isr().stream())
          .map(Node::id)
          .distinct()
          .toList();
    }

    /** Until every partition has a leader and so many replicas in sync. */
    private static void awaitInSync(Admin admin, MainJob job, int replicas) throws Exception {
      while (!partitions(admin, job).stream()
          .allMatch(
              partition -> partition.leader() != null && partition.isr().size() == replicas)) {
        Thread.sleep(200);
      }
    }

    /** Of the events and of all results. */
    private static List<TopicPartitionInfo> partitions(Admin admin, MainJob job) throws Exception {
      return partitions(
          admin,
          List.of(job.config().topics().events(), job.embeddings(), job.labels(), job.rejects()));
    }

    private static List<TopicPartitionInfo> partitions(Admin admin, List<String> topics)
        throws Exception {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .map(TopicDescription::partitions)
          .flatMap(List::stream)
          .toList();
    }
  }

  /** In a container where that is possible, else in this process. */
  private static MainJobPlatform singleBroker() throws IOException {
    if (Containers.obstacle(Containers.kafkaImage()).isPresent()) {
      return MainJobPlatform.start();
    }
    KafkaContainer broker = new KafkaContainer(Containers.kafkaImage());
    broker.start();
    return onBrokers(broker.getBootstrapServers(), broker::stop);
  }

  private static MainJobPlatform onBrokers(String bootstrapServers, Runnable stop)
      throws IOException {
    EmbeddedRegistry registry = EmbeddedRegistry.start(0);
    return MainJobPlatform.on(
        Map.of("kafka.bootstrap.servers", bootstrapServers, "registry.urls", registry.url()),
        () -> {
          registry.close();
          stop.run();
        });
  }

  private static void publish(MainJob job, int events) {
    for (int i = 0; i < events; i++) {
      job.publish(job.event("e" + i, PICTURES.get(i % PICTURES.size())));
    }
  }
}
