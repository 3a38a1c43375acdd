package dev.tagstream.topology.cli;

import dev.tagstream.topology.Models;
import dev.tagstream.topology.Monitoring;
import dev.tagstream.topology.TagstreamApplication;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the application. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Tag events until told to stop (SIGTERM or Ctrl-C).",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream run --config tagstream.yaml",
      "  TAGSTREAM_KAFKA_BOOTSTRAP_SERVERS=broker:9092 tagstream run --set model.path=/models/vit-b-32"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final Terminal terminal;

  @Mixin private ConfigOptions options = new ConfigOptions();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Logging.service();
    // First, so that a configuration that cannot be used is reported in the same form.
    Logging.format(options.logFormat(terminal), terminal.interactive());
    TagstreamConfig config = options.load(terminal).config();
    // The JVM may end as soon as the signal is closed: whatever is to be said comes before.
    try (StopSignal signal = StopSignal.listen()) {
      Optional<Throwable> failure = tagUntil(signal, config);
      if (failure.isPresent()) {
        throw CliFailure.failed(
            "Tagging stopped by itself: " + Explanation.of(failure.get()).sentence());
      }
      LOG.info("Stopped");
      return 0;
    }
  }

  private static Optional<Throwable> tagUntil(StopSignal signal, TagstreamConfig config) {
    LOG.info("Starting with Kafka at {}", config.bootstrapServers());
    try (Monitoring monitoring = Monitoring.serve(config)) {
      monitoring
          .address()
          .ifPresent(at -> LOG.info("Metrics at {}/metrics, health at {}/health/ready", at, at));
      return tagUntil(signal, config, monitoring);
    }
  }

  private static Optional<Throwable> tagUntil(
      StopSignal signal, TagstreamConfig config, Monitoring monitoring) {
    try (TagstreamApplication application = TagstreamApplication.start(config, monitoring)) {
      Logging.connected();
      LOG.info(
          "Tagging {} as {} with {} on {}",
          config.topics().events(),
          config.application().id(),
          application.model().checkpoint().name(),
          application.devices());
      Models.card(application.model().checkpoint().folder())
          .facts()
          .forEach((fact, text) -> LOG.info("The model's card, {}: {}", fact, text));
      CompletableFuture.anyOf(signal.asked(), application.stopped()).join();
      return application.failure();
    }
  }
}
