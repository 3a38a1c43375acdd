package dev.tagstream.topology.cli;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.StarterModel;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Breaks things on purpose and counts what came of it. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Break things on purpose, and count every result.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream drill kill --events 20000 --kills 10",
      "  tagstream drill kill --events 2000 --kills 3 --seed 7 --json"
    })
final class DrillCommand {
  private static final int INSTANCES = 2;
  private static final int THREADS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LABELS =
      "{name: default, version: drill, labels: [dog, cat, car, tree, house, flower, boat, bird]}";

  private final Terminal terminal;

  DrillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = {
        "Run two instances of the application, kill one at random (SIGKILL) again and again while"
            + " events flow, and count by origin what was lost, duplicated or reordered.",
        "Exit code 0 only if that is nothing."
      })
  int kill(
      @Option(
              names = "--events",
              paramLabel = "N",
              defaultValue = "2000",
              description = "Events to publish. Default: ${DEFAULT-VALUE}.")
          int events,
      @Option(
              names = "--kills",
              paramLabel = "K",
              defaultValue = "3",
              description = "Kills among them. Default: ${DEFAULT-VALUE}.")
          int kills,
      @Option(names = "--seed", description = "Of every random choice. Default: a new one.")
          @Nullable Long seed,
      @Option(
              names = "--logs",
              paramLabel = "DIR",
              description = "Where the instances' logs go. Default: a temporary folder.")
          @Nullable Path logs,
      @Option(names = "--json", description = "The result as one JSON object on the last line.")
          boolean json)
      throws IOException {
    Logging.withEmbeddedBroker();
    if (kills < 0 || events < kills + 1) {
      throw CliFailure.wrongUse("--events must be more than --kills, and --kills not negative.");
    }
    long used = seed == null ? new Random().nextLong() : seed;
    Path logFolder = logs == null ? Files.createTempDirectory("tagstream-drill-logs-") : logs;
    terminal.err().println("seed " + used + ", logs of the instances in " + logFolder);
    KillDrillOptions options =
        new KillDrillOptions(events, kills, used, INSTANCES, THREADS, logFolder, PATIENCE);
    KillReport report = run(options);
    print(report, json);
    return report.clean() ? 0 : CliFailure.FAILED;
  }

  private KillReport run(KillDrillOptions options) throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.create("tagstream-drill-");
        LocalPlatform platform =
            LocalPlatform.start(BrokerOptions.temporary().withQuickFailover())) {
      Map<String, String> settings = settings(platform, folder.path());
      TagstreamConfig config = ConfigLoader.defaults(settings);
      LocalPlatform.prepare(config);
      ChildCommand child = ChildCommand.write(folder.path(), settings);
      try (AvroCodecs codecs = AvroCodecs.connect(config.registry().client())) {
        TagstreamUnderDrill application =
            new TagstreamUnderDrill(
                config,
                child.line(),
                codecs.codec(ImageEvent.class),
                DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList());
        return KillDrill.run(options, application, config.bootstrapServers(), new Shown(terminal));
      }
    }
  }

  private static Map<String, String> settings(LocalPlatform platform, Path folder)
      throws IOException {
    Map<String, String> settings = platform.settings();
    settings.put("application.id", "tagstream-drill");
    settings.put("application.threads", Integer.toString(THREADS));
    settings.put("application.stateDir", folder.resolve("state").toString());
    settings.put(
        "labels.files", Files.writeString(folder.resolve("labels.yaml"), LABELS).toString());
    settings.put("limits.maxEventBytes", "2MiB");
    settings.put("web.port", "0");
    settings.put("kafka.consumer.session.timeout.ms", "1500");
    settings.put("kafka.consumer.heartbeat.interval.ms", "300");
    if (!StarterModel.isPresent()) {
      // What a label means does not matter here, only how often it comes.
      Path random = folder.resolve("random");
      RandomCheckpoint.write(random, CheckpointShape.named("tiny"), 1);
      settings.put("model.path", random.toString());
    }
    return settings;
  }

  private void print(KillReport report, boolean json) {
    if (json) {
      terminal.out().println(Json.line(report));
    } else {
      terminal
          .out()
          .printf(
              "%d events, %d kills: %d lost, %d duplicated, %d reordered%n",
              report.events(),
              report.kills(),
              report.lost(),
              report.duplicated(),
              report.reordered());
    }
  }

  /** The drill's progress, in lines. */
  private record Shown(Terminal terminal) implements DrillProgress {
    @Override
    public void joined(int instances) {
      terminal.err().println("all " + instances + " instances have joined");
    }

    @Override
    public void killed(int kill, int instance, long pid, long results) {
      terminal
          .err()
          .printf(
              "kill %d: instance %d (process %d) after %d results%n", kill, instance, pid, results);
    }
  }
}
