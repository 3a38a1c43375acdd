package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tagstream.topology.containers.BrokerCluster;
import dev.tagstream.topology.containers.Containers;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
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

  @Test
  void everyEventIsAnsweredOnceThoughOneOfThreeBrokersIsKilled() throws Exception {
    Optional<String> obstacle = Containers.obstacle(Containers.kafkaImage());
    assumeTrue(obstacle.isEmpty(), () -> "three brokers need containers, but " + obstacle);
    try (BrokerCluster brokers = BrokerCluster.start();
        EmbeddedRegistry registry = EmbeddedRegistry.start(0);
        MainJobPlatform platform =
            MainJobPlatform.on(
                Map.of(
                    "kafka.bootstrap.servers",
                    brokers.bootstrapServers(),
                    "registry.urls",
                    registry.url()),
                () -> {});
        Admin admin =
            Admin.create(Map.of("bootstrap.servers", (Object) brokers.bootstrapServers()))) {
      MainJob job =
          platform.job("three-brokers", "topics.replication", "3", "topics.minInSyncReplicas", "2");
      publish(job, 60);

      try (TagstreamApplication application = job.start()) {
        job.results(20);
        int victim = leader(admin, job);
        brokers.kill(victim);
        publish(job, 60);
        job.assertEachOffsetAnsweredOnceInOrder(120, job.results(120));
        assertThat(isr(admin, job)).as("brokers in sync").doesNotContain(victim);

        brokers.revive(victim);
        awaitFullIsr(admin, job);
        publish(job, 30);
        job.assertEachOffsetAnsweredOnceInOrder(150, job.results(150));
        assertThat(application.failure()).isEmpty();
      }
    }
  }

  /** In a container where that is possible, else in this process. */
  private static MainJobPlatform singleBroker() throws IOException {
    if (Containers.obstacle(Containers.kafkaImage()).isPresent()) {
      return MainJobPlatform.start();
    }
    KafkaContainer broker = new KafkaContainer(Containers.kafkaImage());
    broker.start();
    EmbeddedRegistry registry = EmbeddedRegistry.start(0);
    return MainJobPlatform.on(
        Map.of(
            "kafka.bootstrap.servers",
            broker.getBootstrapServers(),
            "registry.urls",
            registry.url()),
        () -> {
          registry.close();
          broker.stop();
        });
  }

  private static void publish(MainJob job, int events) {
    for (int i = 0; i < events; i++) {
      job.publish(job.event("e" + i, PICTURES.get(i % PICTURES.size())));
    }
  }

  private static int leader(Admin admin, MainJob job) throws Exception {
    return partitions(admin, job).get(0).leader().id();
  }

  private static List<Integer> isr(Admin admin, MainJob job) throws Exception {
    return partitions(admin, job).stream()
        .flatMap(partition -> partition.isr().stream())
        .map(node -> node.id())
        .distinct()
        .toList();
  }

  private static void awaitFullIsr(Admin admin, MainJob job) throws Exception {
    while (!partitions(admin, job).stream().allMatch(partition -> partition.isr().size() == 3)) {
      Thread.sleep(200);
    }
  }

  /** Of the events and of all results. */
  private static List<TopicPartitionInfo> partitions(Admin admin, MainJob job) throws Exception {
    List<String> topics =
        List.of(job.config().topics().events(), job.embeddings(), job.labels(), job.rejects());
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .map(TopicDescription::partitions)
        .flatMap(List::stream)
        .toList();
  }
}
