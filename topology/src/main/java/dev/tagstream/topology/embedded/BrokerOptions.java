package dev.tagstream.topology.embedded;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedBroker} is started.
 *
 * @param port TCP port for clients on the loopback interface; 0 takes any free one
 * @param logFolder where the broker keeps its log, kept on close and read again on the next start;
 *     null takes a temporary folder that is deleted on close
 * @param maxMessageBytes the largest record batch the broker accepts, in bytes
 * @param quickFailover whether transactions and group members of a killed client are given up
 *     within about a second of their own time-outs; for tests and drills
 * @param properties further server properties, which win over everything set here
 */
public record BrokerOptions(
    int port,
    @Nullable Path logFolder,
    int maxMessageBytes,
    boolean quickFailover,
    Map<String, String> properties) {

  private static final int DEFAULT_MAX_MESSAGE_BYTES = 8 << 20;

  public BrokerOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    if (maxMessageBytes < 1_024) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be at least 1024, not " + maxMessageBytes);
    }
    properties = Map.copyOf(properties);
  }

  /** A broker on a free port with a temporary log, for as long as the process lives. */
  public static BrokerOptions temporary() {
    return new BrokerOptions(0, null, DEFAULT_MAX_MESSAGE_BYTES, false, Map.of());
  }

  public BrokerOptions withPort(int newPort) {
    return new BrokerOptions(newPort, logFolder, maxMessageBytes, quickFailover, properties);
  }

  public BrokerOptions withLogFolder(Path folder) {
    return new BrokerOptions(port, folder, maxMessageBytes, quickFailover, properties);
  }

  public BrokerOptions withMaxMessageBytes(int bytes) {
    return new BrokerOptions(port, logFolder, bytes, quickFailover, properties);
  }

  public BrokerOptions withQuickFailover() {
    return new BrokerOptions(port, logFolder, maxMessageBytes, true, properties);
  }

  public BrokerOptions withProperties(Map<String, String> serverProperties) {
    return new BrokerOptions(port, logFolder, maxMessageBytes, quickFailover, serverProperties);
  }
}
