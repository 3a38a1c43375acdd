package dev.tagstream.topology.embedded;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and its controller (KRaft, combined mode) inside this JVM, on the loopback
 * interface. One broker means no replication: it is for the demo, the drills and the tests.
 *
 * <p>All methods may be called from any thread; {@link #start} blocks until clients can connect.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int PORT_ATTEMPTS = 5;

  /** No caller may hang with a broker that does not end. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  private final KafkaRaftServer server;
  private final LogFolder folder;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(KafkaRaftServer server, LogFolder folder, int port) {
    this.server = server;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a broker and waits until it accepts clients.
   *
   * @throws EmbeddedBrokerException in one sentence, if the port is taken, the log folder cannot be
   *     written or is in use, or the broker fails to start
   */
  public static EmbeddedBroker start(BrokerOptions options) {
    explainHalts();
    LogFolder folder = LogFolder.open(options.logFolder());
    try {
      return startWithPorts(options, folder);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** Host and port for {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return FreePorts.LOOPBACK + ":" + port;
  }

  public int port() {
    return port;
  }

  /** Where the broker keeps its log. */
  public Path logFolder() {
    return folder.path();
  }

  /**
   * Stops the broker; a temporary log folder is deleted. One that has not stopped after a minute is
   * left to the end of the process, with its folder. Calling it again does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Thread stopping = new Thread(() -> stop(server), "tagstream-broker-stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      LOG.warn(
          "The embedded broker has not stopped within {} s; {} stays.",
          LONGEST_STOP.toSeconds(),
          folder.path());
    } else {
      folder.close();
    }
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }

  private static EmbeddedBroker startWithPorts(BrokerOptions options, LogFolder folder) {
    for (int attempt = 1; ; attempt++) {
      int port = options.port() == 0 ? FreePorts.next() : FreePorts.claim(options.port());
      int controllerPort = FreePorts.next();
      try {
        return startOnce(options, folder, port, controllerPort);
      } catch (Exception e) {
        // Between finding a free port and binding it another process may have taken it.
        if (!causedBy(e, BindException.class) || attempt == PORT_ATTEMPTS) {
          throw explained(e, options, folder);
        }
      }
    }
  }

  private static EmbeddedBroker startOnce(
      BrokerOptions options, LogFolder folder, int port, int controllerPort) throws Exception {
    Map<String, String> properties =
        ServerProperties.of(options, folder.path(), port, controllerPort);
    KafkaConfig config = KafkaConfig.fromProps(ServerProperties.asProperties(properties), false);
    if (!Files.exists(folder.path().resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      format(folder.path());
    }
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
    } catch (Exception e) {
      stop(server);
      throw e;
    }
    return new EmbeddedBroker(server, folder, port);
  }

  private static void format(Path folder) throws Exception {
    new Formatter()
        .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
        .setNodeId(ServerProperties.NODE_ID)
        .setClusterId(Uuid.randomUuid().toString())
        .setControllerListenerName(ServerProperties.CONTROLLER_LISTENER)
        .setMetadataLogDirectory(folder.toString())
        .addDirectory(folder.toString())
        .run();
  }

  private static EmbeddedBrokerException explained(
      Exception e, BrokerOptions options, LogFolder folder) {
    String where = folder.path().toString();
    if (causedBy(e, BindException.class)) {
      return options.port() == 0
          ? new EmbeddedBrokerException("Every free port was taken before the broker had it.", e)
          : FreePorts.taken(options.port(), e);
    }
    String details = String.valueOf(rootOf(e).getMessage());
    if (causedBy(e, IOException.class) || rootOf(e) instanceof KafkaException) {
      return new EmbeddedBrokerException(
          "The embedded broker cannot use its log folder " + where + ": " + details, e);
    }
    return new EmbeddedBrokerException("The embedded broker did not start: " + details, e);
  }

  /**
   * Kafka ends the process when its disk fails. Inside another application that needs a sentence,
   * not a silent exit.
   */
  private static void explainHalts() {
    Exit.setHaltProcedure(
        (status, message) -> {
          System.err.println(
              "The embedded broker had to stop the process, most often because its disk is full or"
                  + " cannot be written"
                  + (message == null ? "." : ": " + message));
          Runtime.getRuntime().halt(status);
        });
  }

  private static boolean causedBy(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
