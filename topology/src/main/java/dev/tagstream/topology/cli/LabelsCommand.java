package dev.tagstream.topology.cli;

import dev.tagstream.model.label.LabelPolicy;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.client.LabelSetTopic;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.LabelGate;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies and shows label sets. */
@Command(
    name = "labels",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Change the label sets while the application runs, or show them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream labels apply everyday.yaml",
      "  tagstream labels apply --dry-run *.yaml   only check the files",
      "  tagstream labels list",
      "  tagstream labels delete everyday"
    })
final class LabelsCommand {
  private static final String ROW = "%-28s %-20s %7s %10s %-12s %6s%n";

  private final Terminal terminal;

  LabelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Check all files, then publish their label sets.")
  int apply(
      @Mixin ConfigOptions options,
      @Option(names = "--dry-run", description = "Only check the files.") boolean dryRun,
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "Label sets in YAML.")
          List<Path> files) {
    TagstreamConfig config = options.load(terminal).config();
    LabelPolicy policy = LabelGate.policy(config.labels());
    Map<String, LabelSet> sets = new LinkedHashMap<>();
    for (Path file : files) {
      LabelSet set = LabelSetYaml.read(file);
      policy.check(set).forEach(warning -> terminal.err().println("! " + warning));
      if (sets.put(set.name(), set) != null) {
        throw CliFailure.wrongUse("Two of the files are label set '" + set.name() + "'.");
      }
    }
    if (!dryRun) {
      with(
          options,
          topic -> {
            topic.put(List.copyOf(sets.values()));
            return 0;
          });
    }
    for (LabelSet set : sets.values()) {
      terminal
          .err()
          .printf(
              "%s %s, version %s: %d labels%n",
              dryRun ? "checked" : "applied", set.name(), set.version(), set.labels().size());
    }
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the label sets on the topic.")
  int list(
      @Mixin ConfigOptions options,
      @Option(names = "--json", description = "One JSON object a label set.") boolean json) {
    return with(
        options,
        topic -> {
          Map<String, Optional<LabelSet>> sets = topic.current();
          if (!json) {
            terminal.out().printf(ROW, "name", "version", "labels", "templates", "scoring", "top");
          }
          sets.forEach((name, set) -> print(name, set, json));
          return 0;
        });
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Remove a label set; events that name it are rejected from then on.")
  int delete(
      @Mixin ConfigOptions options,
      @Parameters(paramLabel = "NAME", description = "Name of the label set.") String name) {
    return with(
        options,
        topic -> {
          Map<String, Optional<LabelSet>> sets = topic.current();
          if (!sets.containsKey(name)) {
            throw CliFailure.failed(
                "There is no label set '" + name + "' on the topic; there are " + sets.keySet());
          }
          topic.delete(name);
          terminal.err().println("deleted " + name);
          return 0;
        });
  }

  private int with(ConfigOptions options, ToIntFunction<LabelSetTopic> action) {
    TagstreamConfig config = options.load(terminal).config();
    try (AvroCodecs codecs = Platform.connect(config)) {
      return action.applyAsInt(new LabelSetTopic(config, codecs));
    }
  }

  private void print(String name, Optional<LabelSet> found, boolean json) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", name);
      found.ifPresentOrElse(
          set -> {
            line.put("version", set.version());
            line.put("scoring", scoring(set));
            line.put("topK", set.topK());
            line.put("templates", set.templates());
            line.put("labels", set.labels());
          },
          () -> line.put("unreadable", true));
      terminal.out().println(Json.line(line));
    } else if (found.isEmpty()) {
      terminal.out().printf(ROW, name, "(not readable)", "", "", "", "");
    } else {
      LabelSet set = found.get();
      terminal
          .out()
          .printf(
              ROW,
              name,
              set.version(),
              set.labels().size(),
              set.templates().size(),
              scoring(set),
              set.topK());
    }
  }

  private static String scoring(LabelSet set) {
    return set.scoring().name().toLowerCase(Locale.ROOT);
  }
}
