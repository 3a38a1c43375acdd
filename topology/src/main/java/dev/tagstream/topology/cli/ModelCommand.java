package dev.tagstream.topology.cli;

import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.topology.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Inspects checkpoints and makes random ones. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Fetch checkpoints and verify them; say what one is, or make a random one.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream model pull openai/clip-vit-base-patch32",
      "  tagstream model inspect openai/clip-vit-base-patch32",
      "  tagstream model random --like vit-b-32 /tmp/b32"
    })
final class ModelCommand {
  private final Terminal terminal;

  private ModelCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The command with those below it. */
  static CommandLine with(Terminal terminal) {
    return new CommandLine(new ModelCommand(terminal))
        .addSubcommand(new ModelPullCommand(terminal))
        .addSubcommand(new ModelListCommand(terminal))
        .addSubcommand(new ModelVerifyCommand(terminal))
        .addSubcommand(new ModelSelftestCommand(terminal))
        .addSubcommand(new ModelRemoveCommand(terminal));
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Check a checkpoint and say what it is and what its card says.")
  int inspect(
      @Mixin DeviceOption device,
      @Option(names = "--json", description = "One JSON object.") boolean json,
      @Parameters(
              paramLabel = "MODEL",
              description = "A checkpoint folder, OWNER/NAME of a pulled one, or starter.")
          String named) {
    Path path = CheckpointChoice.path(named, terminal);
    ModelOptions here = device.options().resolved();
    Map<String, Object> facts = new LinkedHashMap<>(Models.read(path, here).facts());
    facts.put("device", here.device().toString());
    facts.put("compute", here.compute().toString());
    facts.put("card", Models.card(path).facts());
    if (json) {
      terminal.out().println(Json.line(facts));
    } else {
      facts.forEach(this::print);
    }
    return 0;
  }

  @Command(
      name = "random",
      mixinStandardHelpOptions = true,
      description = "Write a checkpoint of random weights: real in cost, meaningless in results.")
  int random(
      @Option(
              names = "--like",
              required = true,
              paramLabel = "SHAPE",
              description = "${COMPLETION-CANDIDATES}.",
              completionCandidates = Shapes.class)
          String shape,
      @Option(names = "--seed", defaultValue = "1", description = "Default: 1.") long seed,
      @Parameters(paramLabel = "DIR", description = "Folder to write; must be empty or missing.")
          Path folder)
      throws IOException {
    CheckpointShape known;
    try {
      known = CheckpointShape.named(shape);
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
    requireEmpty(folder);
    RandomCheckpoint.write(folder, known, seed);
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "wrote %s: random weights like %s, seed %d, %,d MiB%n",
            folder,
            shape,
            seed,
            Files.size(folder.resolve("model.safetensors")) >> 20);
    return 0;
  }

  /** Somebody's checkpoint is not overwritten with noise. */
  private static void requireEmpty(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw CliFailure.failed(
              folder + " is not empty; name a folder that is or does not exist.");
        }
      }
    }
  }

  private void print(String name, Object value) {
    if (value instanceof Map<?, ?> facts) {
      terminal.out().println(name);
      facts.forEach((inner, fact) -> terminal.out().printf("  %-16s %s%n", inner, fact));
    } else {
      terminal.out().printf("%-18s %s%n", name, value);
    }
  }

  /** The shapes there are, for help and completion. */
  static final class Shapes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      List<String> names = CheckpointShape.names();
      return names.iterator();
    }
  }
}
