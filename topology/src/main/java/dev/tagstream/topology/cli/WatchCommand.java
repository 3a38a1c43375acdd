package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.client.Result;
import dev.tagstream.topology.client.ResultFollower;
import dev.tagstream.topology.config.TagstreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows results. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Follow results as they are committed, until Ctrl-C.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream watch",
      "  tagstream watch rejects --from-beginning",
      "  tagstream watch embeddings labels --json --count 100"
    })
final class WatchCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Terminal terminal;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      paramLabel = "TOPIC",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}. Default: LABELS REJECTS.")
  private List<ResultFollower.Kind> kinds =
      List.of(ResultFollower.Kind.LABELS, ResultFollower.Kind.REJECTS);

  @Option(names = "--from-beginning", description = "Start with the oldest result that is kept.")
  private boolean fromBeginning;

  @Option(names = "--json", description = "One JSON object a result, all of it.")
  private boolean json;

  @Option(names = "--count", paramLabel = "N", description = "End after this many results.")
  private long count = Long.MAX_VALUE;

  WatchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    TagstreamConfig config = options.load(terminal).config();
    Set<ResultFollower.Kind> follow = EnumSet.copyOf(kinds);
    try (AvroCodecs codecs = Platform.connect(config);
        ResultFollower follower = new ResultFollower(config, codecs, follow, fromBeginning)) {
      long seen = 0;
      while (seen < count && !terminal.out().checkError()) {
        for (Result result : follower.poll(POLL)) {
          if (seen++ < count) {
            print(result);
          }
        }
      }
    }
    return 0;
  }

  private void print(Result result) {
    terminal
        .out()
        .println(json ? ResultLines.json(result) : ResultLines.forPeople(result, Instant.now()));
  }
}
