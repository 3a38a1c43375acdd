package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.LocalPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tagstream run} as an operator's process manager sees it: a process and its signals. */
@Timeout(180)
class RunCommandTest {
  private static final int SIGTERM_EXIT_CODE = 128 + 15;

  @TempDir private Path folder;

  @Test
  void aTermSignalStopsItGracefullyAndTheNextOneGoesOnWhereItStopped() throws Exception {
    try (LocalPlatform platform =
        LocalPlatform.start(BrokerOptions.temporary().withQuickFailover())) {
      Map<String, String> settings = settings(platform);
      LocalPlatform.prepare(ConfigLoader.defaults(settings));
      List<String> run = new ArrayList<>(ChildCommand.write(folder, settings).line());
      int pictures = publishDemoPictures(settings);

      Process first = start(run, "first.log");
      origins(settings, 5);
      first.destroy();
      assertThat(first.waitFor()).isEqualTo(SIGTERM_EXIT_CODE);
      assertThat(folder.resolve("first.log")).content().contains("Stopped").doesNotContain("ERROR");
      assertThat(Files.readAllLines(folder.resolve("first.log")))
          .isNotEmpty()
          .allSatisfy(RunCommandTest::assertLogObject);

      run.addAll(List.of("--set", "logging.format=text"));
      Process second = start(run, "second.log");
      try {
        publishDemoPictures(settings);
        assertThat(origins(settings, 2 * pictures)).doesNotHaveDuplicates();
      } finally {
        second.destroy();
        second.waitFor();
      }
      assertThat(folder.resolve("second.log"))
          .content()
          .containsPattern("INFO .*Metrics at http://127.0.0.1:\\d+/metrics")
          .doesNotContain("{\"timestamp\"");
    }
  }

  @Test
  void whatKeepsItFromStartingIsOneLineOfTheSameForm() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> settings = new HashMap<>();
      settings.put("kafka.bootstrap.servers", "localhost:1");
      settings.put("registry.urls", "http://localhost:1");
      settings.put("application.id", "refused");
      settings.put("web.port", Integer.toString(taken.getLocalPort()));
      Process run = start(ChildCommand.write(folder, settings).line(), "refused.log");

      assertThat(run.waitFor()).isEqualTo(1);
      List<String> lines = Files.readAllLines(folder.resolve("refused.log"));
      assertThat(lines).allSatisfy(RunCommandTest::assertLogObject);
      assertThat(lines.get(lines.size() - 1)).contains("ERROR", "set web.port to a free port");
    }
  }

  @ParameterizedTest
  @CsvSource({"batch.maxSise, 4", "batch.maxSize, many"})
  void aConfigurationThatCannotBeUsedIsReportedInTheFormItAsksFor(String key, String value)
      throws Exception {
    List<String> asJson = refused(Map.of(key, value, "logging.format", "json"));
    List<String> asText = refused(Map.of(key, value, "logging.format", "text"));

    assertThat(asJson).hasSize(1).allSatisfy(RunCommandTest::assertLogObject);
    assertThat(asJson.get(0)).contains("ERROR", "The configuration has a problem", key);
    assertThat(asText).hasSize(1);
    assertThat(asText.get(0)).startsWith("The configuration has a problem: " + key);
  }

  private List<String> refused(Map<String, String> problem) throws Exception {
    Map<String, String> settings = new HashMap<>(problem);
    settings.put("kafka.bootstrap.servers", "localhost:1");
    settings.put("registry.urls", "http://localhost:1");
    settings.put("application.id", "refused");
    Process run = start(ChildCommand.write(folder, settings).line(), "refused.log");
    assertThat(run.waitFor()).isEqualTo(2);
    return Files.readAllLines(folder.resolve("refused.log"));
  }

  private static void assertLogObject(String line) throws IOException {
    JsonNode object = new ObjectMapper().readTree(line);
    for (String field : List.of("timestamp", "level", "logger", "thread", "message")) {
      assertThat(object.path(field).asText()).as("%s of %s", field, line).isNotEmpty();
    }
  }

  private Map<String, String> settings(LocalPlatform platform) throws Exception {
    Path model = folder.resolve("model");
    RandomCheckpoint.write(model, CheckpointShape.named("tiny"), 1);
    Path labels =
        Files.writeString(folder.resolve("labels.yaml"), "{name: default, labels: [dog, cat]}");
    Map<String, String> settings = platform.settings();
    settings.put("application.id", "signals");
    settings.put("application.stateDir", folder.resolve("state").toString());
    settings.put("model.path", model.toString());
    settings.put("labels.files", labels.toString());
    settings.put("limits.maxEventBytes", "2MiB");
    settings.put("web.port", "0");
    return settings;
  }

  private Process start(List<String> command, String log) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(log).toFile())
        .start();
  }

  private int publishDemoPictures(Map<String, String> settings) throws Exception {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    for (DemoPictures.Picture picture : DemoPictures.all()) {
      Files.write(pictures.resolve(picture.file()), picture.bytes());
    }
    CliRun published = run(settings, "publish", pictures.toString());
    assertThat(published.exitCode()).as(published.err()).isZero();
    return DemoPictures.all().size();
  }

  /** The origins of the first results, once there are so many. */
  private static List<String> origins(Map<String, String> settings, int count) throws Exception {
    CliRun watched =
        run(
            settings,
            "watch",
            "embeddings",
            "--from-beginning",
            "--json",
            "--count",
            Integer.toString(count));
    assertThat(watched.exitCode()).as(watched.err()).isZero();
    List<String> origins = new ArrayList<>();
    for (String line : watched.out().lines().toList()) {
      JsonNode origin = new ObjectMapper().readTree(line).get("value").get("origin");
      origins.add(origin.get("partition") + "@" + origin.get("offset"));
    }
    assertThat(origins).hasSize(count);
    return origins;
  }

  private static CliRun run(Map<String, String> settings, String... arguments) {
    return CliRun.of(
        Stream.concat(
                Stream.of(arguments),
                settings.entrySet().stream()
                    .flatMap(
                        setting -> Stream.of("--set", setting.getKey() + "=" + setting.getValue())))
            .toArray(String[]::new));
  }
}
