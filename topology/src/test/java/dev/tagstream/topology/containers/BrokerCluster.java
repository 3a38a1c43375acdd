package dev.tagstream.topology.containers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/**
 * Three brokers, each in a container, which are controllers as well. Internal topics are kept by
 * all three and need two.
 *
 * <p>Each has a port of the loopback interface that stays its own over a restart: clients that go
 * on through a broker's death find it again.
 */
public final class BrokerCluster implements AutoCloseable {
  private static final int BROKERS = 3;
  private static final String CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";

  private final Network network;
  private final List<GenericContainer<?>> brokers = new ArrayList<>();
  private final List<Integer> ports;

  private BrokerCluster(Network network, List<Integer> ports) {
    this.network = network;
    this.ports = ports;
  }

  public static BrokerCluster start() throws IOException {
    BrokerCluster cluster = new BrokerCluster(Network.newNetwork(), freePorts());
    try {
      for (int id = 0; id < BROKERS; id++) {
        cluster.brokers.add(cluster.broker(id));
      }
      Startables.deepStart(cluster.brokers).join();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private GenericContainer<?> broker(int id) {
    int port = ports.get(id);
    GenericContainer<?> broker =
        new GenericContainer<>(Containers.kafkaImage())
            .withNetwork(network)
            .withNetworkAliases(name(id))
            .withEnv("CLUSTER_ID", CLUSTER_ID)
            .withEnv("KAFKA_NODE_ID", Integer.toString(id))
            .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
            .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", voters())
            .withEnv("KAFKA_LISTENERS", "INSIDE://:9092,CONTROLLER://:9093,OUTSIDE://:" + port)
            .withEnv(
                "KAFKA_ADVERTISED_LISTENERS",
                "INSIDE://" + name(id) + ":9092,OUTSIDE://127.0.0.1:" + port)
            .withEnv(
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:PLAINTEXT")
            .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE")
            .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
            .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3")
            .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "3")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "2")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "3")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
            .withEnv("KAFKA_HEAP_OPTS", "-Xmx256m")
            .waitingFor(
                Wait.forLogMessage(".*Transitioning from RECOVERY to RUNNING.*", 1)
                    .withStartupTimeout(Duration.ofMinutes(3)));
    broker.setPortBindings(List.of("127.0.0.1:" + port + ":" + port));
    return broker;
  }

  /** For {@code kafka.bootstrap.servers}. */
  public String bootstrapServers() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /** Ends the broker of this id at once, as a power failure does. */
  public void kill(int id) {
    GenericContainer<?> broker = brokers.get(id);
    broker.getDockerClient().killContainerCmd(broker.getContainerId()).exec();
  }

  /** Starts the broker again on the storage that it had. */
  public void revive(int id) {
    GenericContainer<?> broker = brokers.get(id);
    broker.getDockerClient().startContainerCmd(broker.getContainerId()).exec();
  }

  @Override
  public void close() {
    brokers.forEach(GenericContainer::stop);
    network.close();
  }

  private static String voters() {
    return IntStream.range(0, BROKERS)
        .mapToObj(id -> id + "@" + name(id) + ":9093")
        .collect(Collectors.joining(","));
  }

  private static String name(int id) {
    return "broker-" + id;
  }

  /** All at once, so that they differ. */
  private static List<Integer> freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket two = new ServerSocket(0, 1, loopback);
        ServerSocket three = new ServerSocket(0, 1, loopback)) {
      return List.of(one.getLocalPort(), two.getLocalPort(), three.getLocalPort());
    }
  }
}
