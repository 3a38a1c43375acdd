package dev.tagstream.topology.cli;

import dev.tagstream.topology.TaggingTopology;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the topology. */
@Command(
    name = "topology",
    mixinStandardHelpOptions = true,
    description = "Print the Kafka Streams topology of this configuration.",
    footerHeading = "%nExamples:%n",
    footer = "  tagstream topology")
final class TopologyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ConfigOptions options = new ConfigOptions();

  TopologyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    TagstreamConfig config = options.load(terminal).config();
    PendingLimits limits =
        new PendingLimits(
            config.limits().pendingRecords(),
            config.limits().pendingBytes(),
            config.processing().fullWait());
    // Described, not run: nothing is ever handed to the tagging.
    terminal
        .out()
        .print(
            TaggingTopology.build(config.topics(), record -> new CompletableFuture<>(), limits)
                .describe());
    terminal.out().flush();
    return 0;
  }
}
