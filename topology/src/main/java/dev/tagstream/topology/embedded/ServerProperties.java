package dev.tagstream.topology.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The server properties of a broker that is alone. */
final class ServerProperties {

  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private ServerProperties() {}

  static Map<String, String> of(BrokerOptions options, Path folder, int port, int controllerPort) {
    Map<String, String> p = new HashMap<>();
    String client = "PLAINTEXT://" + FreePorts.LOOPBACK + ":" + port;
    String controller = FreePorts.LOOPBACK + ":" + controllerPort;
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE_ID));
    p.put("listeners", client + "," + CONTROLLER_LISTENER + "://" + controller);
    p.put("advertised.listeners", client);
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put("controller.quorum.voters", NODE_ID + "@" + controller);
    p.put("log.dirs", folder.toString());
    p.put("auto.create.topics.enable", "false");
    p.put("message.max.bytes", Integer.toString(options.maxMessageBytes()));
    p.put("replica.fetch.max.bytes", Integer.toString(options.maxMessageBytes()));
    aloneInItsCluster(p);
    smallFootprint(p);
    if (options.quickFailover()) {
      quickFailover(p);
    }
    p.putAll(options.properties());
    return p;
  }

  static Properties asProperties(Map<String, String> map) {
    Properties properties = new Properties();
    properties.putAll(map);
    return properties;
  }

  /** With the defaults of 3 and 2, exactly-once waits for replicas that will never come. */
  private static void aloneInItsCluster(Map<String, String> p) {
    for (String prefix :
        new String[] {
          "offsets.topic.", "transaction.state.log.", "share.coordinator.state.topic."
        }) {
      p.put(prefix + "replication.factor", "1");
      p.put(prefix + "num.partitions", "4");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("default.replication.factor", "1");
    p.put("min.insync.replicas", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
  }

  private static void smallFootprint(Map<String, String> p) {
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    p.put("background.threads", "2");
    // 128 MiB of heap by default, for compacted topics far larger than ours.
    p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    p.put("log.index.size.max.bytes", Integer.toString(1 << 20));
  }

  private static void quickFailover(Map<String, String> p) {
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    p.put("group.min.session.timeout.ms", "500");
    p.put("group.consumer.min.session.timeout.ms", "500");
    p.put("group.consumer.min.heartbeat.interval.ms", "100");
    p.put("group.streams.min.session.timeout.ms", "500");
    p.put("group.streams.session.timeout.ms", "1500");
    p.put("group.streams.min.heartbeat.interval.ms", "100");
    p.put("group.streams.heartbeat.interval.ms", "300");
  }
}
