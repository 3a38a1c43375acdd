package dev.tagstream.topology.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: {@code tagstream COMMAND}. */
@Command(
    name = "tagstream",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Tags images in real time on an event platform, exactly once.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream config                 print the effective configuration",
      "  tagstream topics create          make the topics",
      "  tagstream help COMMAND           say more about a command",
      "",
      "Exit codes: 0 success, 1 failure, 2 wrong use or configuration."
    })
public final class Cli {
  private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and log what happens inside.")
  private boolean debug;

  private Cli() {}

  public static void main(String[] arguments) {
    System.exit(run(Terminal.system(), arguments));
  }

  /** Runs one command and returns its exit code. */
  static int run(Terminal terminal, String... arguments) {
    CommandLine commandLine = commands(terminal);
    if (arguments.length == 0) {
      commandLine.usage(terminal.err());
      return CliFailure.WRONG_USE;
    }
    return commandLine.execute(arguments);
  }

  /** The program with all its commands. */
  static CommandLine commands(Terminal terminal) {
    Cli cli = new Cli();
    return new CommandLine(cli)
        .addSubcommand(new DemoCommand(terminal))
        .addSubcommand(new RunCommand(terminal))
        .addSubcommand(new PublishCommand(terminal))
        .addSubcommand(new WatchCommand(terminal))
        .addSubcommand(new TagCommand(terminal))
        .addSubcommand(new EvaluateCommand(terminal))
        .addSubcommand(new LabelsCommand(terminal))
        .addSubcommand(new TopicsCommand(terminal))
        .addSubcommand(new SchemasCommand(terminal))
        .addSubcommand(ModelCommand.with(terminal))
        .addSubcommand(new TopologyCommand(terminal))
        .addSubcommand(new ConfigCommand(terminal))
        .addSubcommand(new BenchCommand(terminal))
        .addSubcommand(new DrillCommand(terminal))
        .addSubcommand(new CommandLine.HelpCommand())
        .addSubcommand("completion", new AutoComplete.GenerateCompletion())
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(
            parsed -> {
              Logging.debug(cli.debug);
              return new CommandLine.RunLast().execute(parsed);
            })
        .setParameterExceptionHandler(wrongUse())
        .setExecutionExceptionHandler(failure(cli));
  }

  private static IParameterExceptionHandler wrongUse() {
    return (problem, arguments) -> {
      CommandLine command = problem.getCommandLine();
      command.getErr().println(red(String.valueOf(problem.getMessage())));
      UnmatchedArgumentException.printSuggestions(problem, command.getErr());
      command.getErr().println("See `" + command.getCommandSpec().qualifiedName() + " --help`.");
      return CliFailure.WRONG_USE;
    };
  }

  private static IExecutionExceptionHandler failure(Cli cli) {
    return (problem, command, parsed) -> {
      Explanation explanation = Explanation.of(problem);
      if (Logging.structured()) {
        LOG.error(explanation.sentence());
      } else {
        command.getErr().println(red(explanation.sentence()));
      }
      if (cli.debug) {
        problem.printStackTrace(command.getErr());
      }
      return explanation.exitCode();
    };
  }

  /** Error text, in red where that is wanted: picocli minds NO_COLOR and pipes. */
  private static String red(String text) {
    return Ansi.AUTO.enabled() ? "\u001b[31m" + text + "\u001b[39m" : text;
  }
}
