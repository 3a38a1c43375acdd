package dev.tagstream.topology.cli;

import dev.tagstream.topology.admin.TopicAdmin;
import dev.tagstream.topology.admin.TopicPlan;
import dev.tagstream.topology.admin.TopicState;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates and inspects the topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Create the topics, or show them and what is wrong with them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream topics create --set topics.partitions=12 --set topics.replication=3",
      "  tagstream topics show --json"
    })
final class TopicsCommand {
  private static final String ROW = "%-20s %10s %11s %8s %12s %12s %-8s %s%n";

  private final Terminal terminal;

  TopicsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Create the topics that do not exist, and show all.")
  int create(
      @Mixin ConfigOptions options,
      @Option(names = "--json", description = "One JSON object a topic.") boolean json) {
    TagstreamConfig config = options.load(terminal).config();
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      TopicAdmin topics = new TopicAdmin(admin, config);
      List<TopicPlan> created = topics.createMissing();
      created.forEach(plan -> terminal.err().println("created " + plan.name()));
      return show(topics, json);
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show the topics; exit code 1 if something is wrong with them.")
  int show(
      @Mixin ConfigOptions options,
      @Option(names = "--json", description = "One JSON object a topic.") boolean json) {
    TagstreamConfig config = options.load(terminal).config();
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      return show(new TopicAdmin(admin, config), json);
    }
  }

  private int show(TopicAdmin topics, boolean json) {
    List<TopicState> states = topics.existing();
    if (json) {
      states.forEach(state -> terminal.out().println(Json.line(fields(state))));
    } else {
      terminal
          .out()
          .printf(
              ROW,
              "topic",
              "partitions",
              "replication",
              "min ISR",
              "retention",
              "max bytes",
              "cleanup",
              "compression");
      states.forEach(this::printRow);
    }
    List<String> problems = topics.problems(states);
    problems.forEach(problem -> terminal.err().println("! " + problem));
    return problems.isEmpty() ? 0 : CliFailure.FAILED;
  }

  private void printRow(TopicState state) {
    terminal
        .out()
        .printf(
            ROW,
            state.plan().name(),
            state.partitions(),
            state.replication(),
            state.minInSyncReplicas(),
            retention(state),
            state.maxMessageBytes(),
            state.cleanupPolicy(),
            state.compression());
  }

  /** A compacted topic keeps the last record of each key whatever its retention says. */
  private static String retention(TopicState state) {
    if (state.cleanupPolicy().equals("compact") || state.retentionMs() < 0) {
      return "unlimited";
    }
    Duration time = Duration.ofMillis(state.retentionMs());
    return time.toHours() >= 48 ? time.toDays() + " d" : time.toMinutes() + " min";
  }

  private static Map<String, Object> fields(TopicState state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", state.plan().role().name().toLowerCase(Locale.ROOT));
    fields.put("topic", state.plan().name());
    fields.put("partitions", state.partitions());
    fields.put("replication", state.replication());
    fields.put("minInSyncReplicas", state.minInSyncReplicas());
    fields.put("retentionMs", state.retentionMs());
    fields.put("maxMessageBytes", state.maxMessageBytes());
    fields.put("cleanupPolicy", state.cleanupPolicy());
    fields.put("compression", state.compression());
    return fields;
  }
}
