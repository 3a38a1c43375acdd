package dev.tagstream.topology.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {

  @Test
  void topicsOutliveTheBrokerInAGivenLogFolder(@TempDir Path folder) throws Exception {
    BrokerOptions options = BrokerOptions.temporary().withLogFolder(folder);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      createTopic(broker, "kept");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      assertThat(topics(broker)).contains("kept");
    }
  }

  @Test
  void aTransactionCommitsThoughThereIsOneBrokerOnly() throws Exception {
    Path folder;
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary())) {
      folder = broker.logFolder();
      createTopic(broker, "events");
      Map<String, Object> config =
          Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "one");
      try (var producer =
          new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        var sent = producer.send(new ProducerRecord<>("events", new byte[] {1}));
        producer.commitTransaction();
        assertThat(sent.get().offset()).isZero();
      }
    }
    assertThat(folder).as("the temporary log folder").doesNotExist();
  }

  @Test
  void aTakenPortIsNamedInTheError() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> EmbeddedBroker.start(BrokerOptions.temporary().withPort(taken.getLocalPort())))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessage(
              "Port %d is in use; stop what listens there or choose another port.",
              taken.getLocalPort());
    }
  }

  @Test
  void aLogFolderThatCannotBeMadeIsNamedInTheError(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a-file"), "not a folder");
    assertThatThrownBy(
            () ->
                EmbeddedBroker.start(BrokerOptions.temporary().withLogFolder(file.resolve("log"))))
        .isInstanceOf(EmbeddedBrokerException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("choose another folder");
  }

  @Test
  void aLogFolderInUseIsRefusedAndItsBrokerGoesOn(@TempDir Path folder) throws Exception {
    BrokerOptions options = BrokerOptions.temporary().withLogFolder(folder);
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(options))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("in use by another broker");
      createTopic(broker, "still-here");
      assertThat(topics(broker)).contains("still-here");
    }
  }

  private static void createTopic(EmbeddedBroker broker, String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }
  }

  private static Set<String> topics(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin.listTopics().names().get();
    }
  }
}
