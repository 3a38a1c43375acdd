package dev.tagstream.topology.registry;

import static java.net.http.HttpRequest.BodyPublishers.ofString;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry server, Apicurio, in a JVM of its own, in memory, on the loopback
 * interface. The build unpacks it into {@code target/apicurio}.
 */
public final class ApicurioRegistry implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "apicurio");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PORT_ATTEMPTS = 3;

  private static @Nullable ApicurioRegistry shared;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final int port;

  private ApicurioRegistry(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * One server for all tests of this JVM, stopped with it. Its subjects outlive a test: use topics
   * of your own.
   */
  public static synchronized ApicurioRegistry shared() {
    if (shared == null) {
      ApicurioRegistry started = start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
      shared = started;
    }
    return shared;
  }

  /** Starts a server and waits until it answers; its global level is FULL_TRANSITIVE. */
  public static ApicurioRegistry start() {
    for (int attempt = 1; ; attempt++) {
      ApicurioRegistry registry = launch();
      try {
        registry.awaitReady();
        return registry;
      } catch (IllegalStateException e) {
        registry.close();
        // Between finding a free port and binding it another process may have taken it.
        if (attempt == PORT_ATTEMPTS || !String.valueOf(e.getMessage()).contains("already bound")) {
          throw e;
        }
      }
    }
  }

  private static ApicurioRegistry launch() {
    try {
      int port = freePort();
      Path log = Files.createTempFile(Path.of("target"), "apicurio-", ".log");
      Process process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx256m",
                      "-Dquarkus.http.host=127.0.0.1",
                      "-Dquarkus.http.port=" + port,
                      "-Dquarkus.management.host=127.0.0.1",
                      "-Dquarkus.management.port=" + freePort(),
                      "-jar",
                      runnerJar().toAbsolutePath().toString()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ApicurioRegistry(process, log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path runnerJar() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      throw new IllegalStateException(
          FOLDER.toAbsolutePath()
              + " is missing; the build unpacks it: mvn -pl topology -am generate-test-resources");
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() {
    HttpRequest level =
        HttpRequest.newBuilder(URI.create(url() + "/config"))
            .header("Content-Type", "application/json")
            .PUT(ofString("{\"compatibility\":\"FULL_TRANSITIVE\"}"))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new IllegalStateException("The registry server ended:\n" + lastLines());
      }
      try {
        if (http.send(level, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
        Thread.sleep(100);
      } catch (IOException e) {
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while the registry server started", e);
      }
    }
    throw new IllegalStateException("The registry server does not answer:\n" + lastLines());
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return "(" + log + " cannot be read: " + e + ")";
    }
  }

  /** The value for {@code schema.registry.url}: Confluent's REST form. */
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  /** Kills the server, which keeps nothing. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The registry server cannot be stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
