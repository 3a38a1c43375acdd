package dev.tagstream.topology.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows everything at once, with nothing to install. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Start a Kafka broker, a schema registry and the application in this process, and tag the"
            + " pictures that come with Tagstream.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream demo            goes on until Ctrl-C, for you to try things out",
      "  tagstream demo --exit     ends once every picture has its result"
    })
final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--exit", description = "End once every picture has its result.")
  private boolean exit;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the broker. Default: 9092, or any if that is in use.")
  private @Nullable Integer port;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      description = "Port of the schema registry. Default: 8081, or any if that is in use.")
  private @Nullable Integer registryPort;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A checkpoint folder. Default: the bundled starter model, which knows drawings.")
  private @Nullable Path model;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Override a setting of the demo, such as model.device=cpu; configuration files and the"
              + " environment are left alone. Repeatable.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Logging.withEmbeddedBroker();
    requirePort("--port", port);
    requirePort("--registry-port", registryPort);
    try (StopSignal signal = StopSignal.listen();
        DemoFolder folder = DemoFolder.create();
        DemoCluster cluster =
            DemoCluster.start(terminal, folder, model, overrides, port, registryPort)) {
      new DemoRun(terminal, cluster, folder, overrides, signal).run(exit);
    }
    return 0;
  }

  private static void requirePort(String option, @Nullable Integer port) {
    if (port != null && (port < 1 || port > 65_535)) {
      throw CliFailure.wrongUse(option + " must be from 1 to 65535, and is " + port + ".");
    }
  }
}
