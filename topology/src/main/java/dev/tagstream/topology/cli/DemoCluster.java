package dev.tagstream.topology.cli;

import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.StarterModel;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import dev.tagstream.topology.embedded.EmbeddedBrokerException;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import dev.tagstream.topology.embedded.EmbeddedRegistryException;
import dev.tagstream.topology.tagging.ModelOnDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the demo needs around the application, started side by side: broker, registry, model.
 *
 * @param modelNote what must be said of the model wherever its labels are shown
 */
record DemoCluster(
    EmbeddedBroker broker, EmbeddedRegistry registry, ModelOnDevices model, String modelNote)
    implements AutoCloseable {
  private static final int USUAL_BROKER_PORT = 9092;
  private static final int USUAL_REGISTRY_PORT = 8081;
  private static final String MODEL_PATH = "model.path";

  static DemoCluster start(
      Terminal terminal,
      DemoFolder folder,
      @Nullable Path model,
      Map<String, String> overrides,
      @Nullable Integer port,
      @Nullable Integer registryPort) {
    Map<String, String> settings = new LinkedHashMap<>(overrides);
    if (model != null) {
      settings.put(MODEL_PATH, model.toString());
    }
    String note = settings.containsKey(MODEL_PATH) ? "" : noteOnOurs();
    settings.computeIfAbsent(MODEL_PATH, key -> ours(folder).toString());
    TagstreamConfig config = ConfigLoader.defaults(settings);
    CompletableFuture<ModelOnDevices> loading =
        timed(
            terminal,
            "model",
            () -> Models.load(config),
            loaded ->
                "%s on %s%s"
                    .formatted(loaded.clip().checkpoint().name(), loaded.describeDevices(), note));
    CompletableFuture<EmbeddedRegistry> registry =
        timed(terminal, "registry", () -> registry(registryPort), EmbeddedRegistry::url);
    CompletableFuture<EmbeddedBroker> broker =
        timed(terminal, "broker", () -> broker(port), EmbeddedBroker::bootstrapServers);
    try {
      return new DemoCluster(broker.join(), registry.join(), loading.join(), note);
    } catch (CompletionException e) {
      List.of(loading, registry, broker).forEach(DemoCluster::closeWhenStarted);
      throw e;
    }
  }

  @Override
  public void close() {
    model.close();
    registry.close();
    broker.close();
  }

  private static String noteOnOurs() {
    return StarterModel.isPresent()
        ? " (knows drawings; for photographs pass --model)"
        : " (RANDOM WEIGHTS: this build has no starter model, so the labels mean nothing)";
  }

  private static Path ours(DemoFolder folder) {
    if (StarterModel.isPresent()) {
      return StarterModel.folder();
    }
    try {
      Path random = folder.resolve("random");
      RandomCheckpoint.write(random, CheckpointShape.named("tiny"), 1);
      return random;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a random checkpoint", e);
    }
  }

  private static EmbeddedBroker broker(@Nullable Integer port) {
    BrokerOptions options = BrokerOptions.temporary();
    if (port != null) {
      return EmbeddedBroker.start(options.withPort(port));
    }
    try {
      return EmbeddedBroker.start(options.withPort(USUAL_BROKER_PORT));
    } catch (EmbeddedBrokerException e) {
      // The usual port is another's, perhaps another demo's.
      return EmbeddedBroker.start(options);
    }
  }

  private static EmbeddedRegistry registry(@Nullable Integer port) {
    if (port != null) {
      return EmbeddedRegistry.start(port);
    }
    try {
      return EmbeddedRegistry.start(USUAL_REGISTRY_PORT);
    } catch (EmbeddedRegistryException e) {
      return EmbeddedRegistry.start(0);
    }
  }

  private static <T> CompletableFuture<T> timed(
      Terminal terminal, String what, Supplier<T> start, Function<T, String> describe) {
    long began = System.nanoTime();
    return CompletableFuture.supplyAsync(
        () -> {
          T started = start.get();
          terminal
              .out()
              .println(
                  String.format(
                      Locale.ROOT,
                      "  %-12s %s  (%.1f s)",
                      what,
                      describe.apply(started),
                      (System.nanoTime() - began) / 1e9));
          return started;
        },
        runnable -> daemon(runnable, "demo-" + what));
  }

  private static void daemon(Runnable runnable, String name) {
    Thread thread = new Thread(runnable, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeWhenStarted(CompletableFuture<? extends AutoCloseable> starting) {
    List<Exception> problems = new ArrayList<>();
    starting
        .handle(
            (started, problem) -> {
              if (started != null) {
                try {
                  started.close();
                } catch (Exception e) {
                  problems.add(e);
                }
              }
              return problems;
            })
        .join();
  }
}
