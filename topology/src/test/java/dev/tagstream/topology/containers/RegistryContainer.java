package dev.tagstream.topology.containers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Apicurio in a container, as {@code ApicurioRegistry} is in a process. */
public final class RegistryContainer implements AutoCloseable {
  private static final String API = "/apis/ccompat/v7";
  private static final int PORT = 8080;

  private final GenericContainer<?> container;

  private RegistryContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /** Starts a server and waits until it answers; its global level is FULL_TRANSITIVE. */
  public static RegistryContainer start() throws IOException, InterruptedException {
    GenericContainer<?> container =
        new GenericContainer<>(Containers.registryImage())
            .withEnv("QUARKUS_HTTP_PORT", Integer.toString(PORT))
            .withExposedPorts(PORT)
            .waitingFor(
                Wait.forHttp(API + "/subjects")
                    .forPort(PORT)
                    .withStartupTimeout(Duration.ofMinutes(3)));
    container.start();
    RegistryContainer registry = new RegistryContainer(container);
    try {
      registry.requireFullCompatibility();
      return registry;
    } catch (IOException | InterruptedException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private void requireFullCompatibility() throws IOException, InterruptedException {
    HttpRequest level =
        HttpRequest.newBuilder(URI.create(url() + "/config"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"compatibility\":\"FULL_TRANSITIVE\"}"))
            .build();
    int status = HttpClient.newHttpClient().send(level, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("The registry answers " + status + " to its compatibility level");
    }
  }

  /** The value for {@code registry.urls}: Confluent's REST form. */
  public String url() {
    return "http://" + container.getHost() + ":" + container.getMappedPort(PORT) + API;
  }

  @Override
  public void close() {
    container.stop();
  }
}
