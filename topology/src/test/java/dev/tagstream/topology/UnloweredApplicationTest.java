package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.drill.DrillProgress;
import dev.tagstream.topology.drill.KillDrill;
import dev.tagstream.topology.drill.KillDrillOptions;
import dev.tagstream.topology.drill.KillReport;
import dev.tagstream.topology.drill.TagstreamUnderDrill;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.LocalPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The control of the kill drill on the real application: everything as in {@code tagstream drill
 * kill}, but for the lowering of offsets.
 */
@Timeout(600)
final class UnloweredApplicationTest {

  private static final int THREADS = 2;

  @TempDir Path folder;

  @Test
  void theApplicationWithoutLoweringLosesEventsWhenItsInstancesAreKilled() throws Exception {
    int lost = 0;
    for (int kills = 1; lost == 0 && kills <= 4; kills *= 2) {
      KillReport report = drill(kills, new Random().nextLong());
      System.out.println(report);
      lost = report.lost();
    }
    assertThat(lost).as("or the drill could not see a loss").isPositive();
  }

  private KillReport drill(int kills, long seed) throws Exception {
    System.out.println("Kill drill of the application without lowering with seed " + seed);
    try (LocalPlatform platform =
        LocalPlatform.start(BrokerOptions.temporary().withQuickFailover())) {
      Map<String, String> settings = settings(platform);
      TagstreamConfig config = ConfigLoader.defaults(settings);
      LocalPlatform.prepare(config);
      try (AvroCodecs codecs = AvroCodecs.connect(config.registry().client())) {
        TagstreamUnderDrill application =
            new TagstreamUnderDrill(
                config,
                command(settings),
                codecs.codec(ImageEvent.class),
                DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList());
        KillDrillOptions options =
            new KillDrillOptions(
                600 * (kills + 1), kills, seed, 2, THREADS, folder, Duration.ofMinutes(2));
        return KillDrill.run(options, application, config.bootstrapServers(), DrillProgress.NONE);
      }
    }
  }

  private Map<String, String> settings(LocalPlatform platform) throws Exception {
    Path model = folder.resolve("model");
    RandomCheckpoint.write(model, CheckpointShape.named("tiny"), 1);
    Path labels =
        Files.writeString(folder.resolve("labels.yaml"), "{name: default, labels: [dog, cat]}");
    Map<String, String> settings = new HashMap<>(platform.settings());
    settings.put("application.id", "unlowered");
    settings.put("application.threads", Integer.toString(THREADS));
    settings.put("application.stateDir", folder.resolve("state").toString());
    settings.put("model.path", model.toString());
    settings.put("labels.files", labels.toString());
    settings.put("topics.replication", "1");
    settings.put("topics.minInSyncReplicas", "1");
    settings.put("limits.maxEventBytes", "2MiB");
    settings.put("kafka.consumer.session.timeout.ms", "1500");
    settings.put("kafka.consumer.heartbeat.interval.ms", "300");
    return settings;
  }

  /** The class path goes through a file: ONNX Runtime does not survive a long command line. */
  private List<String> command(Map<String, String> settings) throws Exception {
    Path options =
        Files.writeString(
            folder.resolve("java-options"),
            "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + options);
    command.add(UnloweredApplication.class.getName());
    settings.forEach((key, value) -> command.add(key + "=" + value));
    return command;
  }
}
