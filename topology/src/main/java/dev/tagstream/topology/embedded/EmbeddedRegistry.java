package dev.tagstream.topology.embedded;

import com.sun.net.httpserver.HttpServer;
import dev.tagstream.topology.web.HttpLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema registry inside this JVM, on the loopback interface, in memory: Confluent's REST form in
 * front of the client that Confluent ships for tests, so that any Confluent-speaking client in any
 * process can use it. Unlike that client alone it refuses incompatible schemas; the default level
 * is FULL_TRANSITIVE. It is for the demo, the drills and the tests.
 *
 * <p>All methods may be called from any thread.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Confluent's
 *     description of the REST form</a>
 */
public final class EmbeddedRegistry implements AutoCloseable {
  private static final int THREADS = 8;

  private final HttpServer server;
  private final ExecutorService threads;

  private EmbeddedRegistry(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts an empty registry.
   *
   * @param port TCP port on the loopback interface; 0 takes any free one
   * @throws EmbeddedRegistryException in one sentence, if the port cannot be had
   */
  public static EmbeddedRegistry start(int port) {
    HttpLimits.apply();
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new EmbeddedRegistryException(
          "The schema registry cannot listen on port "
              + port
              + " ("
              + e.getMessage()
              + "); stop what listens there or choose another port.",
          e);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, EmbeddedRegistry::daemon);
    server.createContext("/", new RegistryEndpoint(new RegistryStore()));
    server.setExecutor(threads);
    server.start();
    return new EmbeddedRegistry(server, threads);
  }

  private static final AtomicInteger THREAD_NUMBERS = new AtomicInteger();

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "embedded-registry-" + THREAD_NUMBERS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** The value for {@code schema.registry.url}. */
  public String url() {
    return "http://" + FreePorts.LOOPBACK + ":" + port();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops the registry and forgets its schemas. Calling it again does nothing. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
