package dev.tagstream.topology.containers;

import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/**
 * Whether this machine can run a server in a container: an engine answers, and the image is there.
 * Nothing is pulled, so that a test never waits for a network.
 *
 * <p>{@code TEST_KAFKA_IMAGE} and {@code TEST_REGISTRY_IMAGE} name the images; with {@code
 * TEST_CONTAINERS=required} a test fails where it would fall back to a server in its own process.
 */
public final class Containers {
  private static final String KAFKA = "apache/kafka";
  private static final Map<String, Optional<String>> OBSTACLES = new ConcurrentHashMap<>();

  private Containers() {}

  /** A drop-in for {@code apache/kafka}, with which it is configured. */
  public static DockerImageName kafkaImage() {
    return DockerImageName.parse(environment("TEST_KAFKA_IMAGE", KAFKA + ":4.3.1"))
        .asCompatibleSubstituteFor(KAFKA);
  }

  /** Apicurio 3, in memory. */
  public static DockerImageName registryImage() {
    return DockerImageName.parse(
        environment("TEST_REGISTRY_IMAGE", "apicurio/apicurio-registry:3.0.9"));
  }

  /**
   * Why the image cannot run here; empty if it can. Says so once on standard output.
   *
   * @throws IllegalStateException if it cannot and containers are required
   */
  public static Optional<String> obstacle(DockerImageName image) {
    Optional<String> obstacle =
        OBSTACLES.computeIfAbsent(
            image.asCanonicalNameString(),
            name -> {
              Optional<String> found = look(name);
              System.out.println(
                  "containers: "
                      + found
                          .map(why -> "in process, since " + why)
                          .orElse("in container " + name));
              return found;
            });
    if (obstacle.isPresent() && environment("TEST_CONTAINERS", "").equals("required")) {
      throw new IllegalStateException(
          "TEST_CONTAINERS=required, but "
              + obstacle.get()
              + "; .ci/docker-up and .ci/images/build provide it");
    }
    return obstacle;
  }

  private static Optional<String> look(String image) {
    // Testcontainers takes seconds to find that there is none.
    if (!mayHaveEngine() || !DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("no Docker engine answers");
    }
    try {
      DockerClientFactory.instance().client().inspectImageCmd(image).exec();
      return Optional.empty();
    } catch (NotFoundException e) {
      return Optional.of("the engine has no image " + image);
    }
  }

  private static boolean mayHaveEngine() {
    String home = System.getProperty("user.home");
    String runtime = environment("XDG_RUNTIME_DIR", "/run");
    return System.getenv("DOCKER_HOST") != null
        || Stream.of(
                Path.of("/var/run/docker.sock"),
                Path.of(home, ".docker", "run", "docker.sock"),
                Path.of(runtime, "docker.sock"))
            .anyMatch(Files::exists);
  }

  private static String environment(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? otherwise : value;
  }
}
