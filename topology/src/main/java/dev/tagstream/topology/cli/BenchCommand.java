package dev.tagstream.topology.cli;

import dev.tagstream.topology.Models;
import dev.tagstream.topology.bench.Bench;
import dev.tagstream.topology.bench.BenchReport;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the model, decoding and model, and the whole application. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure images per second: the model alone, decoding and model without Kafka (the ideal),"
            + " and end to end on an embedded broker, exactly once.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream model random --like vit-b-32 /tmp/b32",
      "  tagstream bench --model /tmp/b32 --images 600 --json"
    })
final class BenchCommand implements Callable<Integer> {
  /**
   * Few and short, so that no time goes to compiling labels; scoring is part of the measurement.
   */
  private static final String LABELS =
      "{name: default, version: bench, labels: [dog, cat, car, tree, house, flower, boat, bird]}";

  private final Terminal terminal;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A checkpoint folder. Default: the bundled starter model.")
  private @Nullable Path model;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "400",
      description = "Images in each measurement. Default: ${DEFAULT-VALUE}.")
  private int images;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measurements of each kind, taken in turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting, such as batch.maxSize=64. Repeatable.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--json", description = "The result as one JSON object on the last line.")
  private boolean json;

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Logging.withEmbeddedBroker();
    if (images < 10 || rounds < 1) {
      throw CliFailure.wrongUse("--images must be at least 10, and --rounds at least 1.");
    }
    Models.requireLoadable(ConfigLoader.defaults(settings()));
    Path labels = Files.createTempFile("tagstream-bench-", ".yaml");
    try (LocalPlatform platform = LocalPlatform.start(BrokerOptions.temporary())) {
      Files.writeString(labels, LABELS);
      TagstreamConfig config = config(platform, labels);
      LocalPlatform.prepare(config);
      print(new Bench(config, images, rounds, terminal.err()::println).run());
    } finally {
      Files.delete(labels);
    }
    return 0;
  }

  private TagstreamConfig config(LocalPlatform platform, Path labels) {
    Map<String, String> settings = platform.settings();
    settings.put("application.id", "tagstream-bench");
    settings.put("labels.files", labels.toString());
    settings.putAll(settings());
    return ConfigLoader.defaults(settings);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    if (model != null) {
      settings.put("model.path", model.toString());
    }
    settings.putAll(overrides);
    return settings;
  }

  private void print(BenchReport report) {
    if (json) {
      terminal.out().println(Json.line(report));
      return;
    }
    terminal
        .out()
        .printf(
            "%s on %s in %s, %d images, median of %d rounds%n",
            report.model(), report.device(), report.compute(), report.images(), report.rounds());
    line("model alone", report.rawPerSecond());
    line("decode + model (ideal)", report.idealPerSecond());
    line("end to end", report.endToEndPerSecond());
    terminal
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "  %-24s %10.3f (rounds %s), mean batch %.1f",
                "end to end / ideal",
                report.ratio(),
                report.ratios().stream()
                    .map(ratio -> String.format(Locale.ROOT, "%.3f", ratio))
                    .toList(),
                report.meanBatch()));
    terminal.out().println("thread time an image, end to end:");
    report
        .stageMillis()
        .forEach(
            (stage, millis) ->
                terminal
                    .out()
                    .println(String.format(Locale.ROOT, "  %-24s %10.2f ms", stage, millis)));
  }

  private void line(String what, double perSecond) {
    terminal.out().println(String.format(Locale.ROOT, "  %-24s %10.1f images/s", what, perSecond));
  }
}
