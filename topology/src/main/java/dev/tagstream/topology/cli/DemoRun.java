package dev.tagstream.topology.cli;

import dev.tagstream.events.Origin;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.Monitoring;
import dev.tagstream.topology.TagstreamApplication;
import dev.tagstream.topology.client.EventOptions;
import dev.tagstream.topology.client.EventPublisher;
import dev.tagstream.topology.client.PictureFile;
import dev.tagstream.topology.client.PictureFiles;
import dev.tagstream.topology.client.Result;
import dev.tagstream.topology.client.ResultFollower;
import dev.tagstream.topology.client.ResultFollower.Kind;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.config.Topics;
import dev.tagstream.topology.embedded.LocalPlatform;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** One run of the demo, from empty topics to results on the screen. */
final class DemoRun {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Nothing at all for this long is a failure of the demo, not a slow machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final EventOptions AS_ANYBODY =
      new EventOptions(List.of("default"), Map.of(), EventOptions.Key.NAME, false);

  private final Terminal terminal;
  private final DemoCluster cluster;
  private final DemoFolder folder;
  private final TagstreamConfig config;
  private final StopSignal signal;

  /** Where the events that still have no result stand. */
  private final Set<Position> expected = new HashSet<>();

  private int tagged;
  private int rejected;

  private record Position(TopicPartition partition, long offset) {
    static Position of(Origin origin) {
      return new Position(
          new TopicPartition(origin.getTopic(), origin.getPartition()), origin.getOffset());
    }
  }

  DemoRun(
      Terminal terminal,
      DemoCluster cluster,
      DemoFolder folder,
      Map<String, String> overrides,
      StopSignal signal) {
    this.terminal = terminal;
    this.cluster = cluster;
    this.folder = folder;
    this.signal = signal;
    Map<String, String> settings = new LinkedHashMap<>(settings(cluster, folder));
    settings.putAll(overrides);
    this.config = ConfigLoader.defaults(settings);
  }

  /** Tags the pictures; then ends, or goes on showing results until asked to stop. */
  void run(boolean exit) throws IOException {
    prepareTopicsAndSchemas();
    try (AvroCodecs codecs = AvroCodecs.connect(config.registry().client());
        Monitoring monitoring = Monitoring.serve(config);
        TagstreamApplication application =
            TagstreamApplication.start(config, cluster.model(), monitoring);
        ResultFollower results =
            new ResultFollower(config, codecs, EnumSet.of(Kind.LABELS, Kind.REJECTS), true)) {
      say("  application  tagging %s  (%.1f s after start)", config.topics().events(), uptime());
      monitoring.address().ifPresent(at -> say("  metrics      %s/metrics", at));
      say("");
      long began = System.nanoTime();
      int published = publish(codecs);
      showUntilAllHaveResults(application, results);
      double seconds = (System.nanoTime() - began) / 1e9;
      say(
          "tagged %d of %d images, %d rejected, %.1f img/s",
          tagged, published, rejected, (tagged + rejected) / seconds);
      if (!exit) {
        explain();
        showUntilAskedToStop(application, results);
      }
    }
  }

  private void prepareTopicsAndSchemas() {
    LocalPlatform.prepare(config);
    say("  topics       5 created, their schemas registered");
  }

  /** Publishes every picture, and notes where each event stands. */
  private int publish(AvroCodecs codecs) throws IOException {
    List<PictureFile> pictures = PictureFiles.find(List.of(folder.pictures()));
    try (EventPublisher publisher = new EventPublisher(config, codecs)) {
      List<CompletableFuture<Position>> sent = new ArrayList<>();
      for (PictureFile picture : pictures) {
        sent.add(
            publisher
                .publish(picture, AS_ANYBODY)
                .thenApply(
                    metadata ->
                        new Position(
                            new TopicPartition(metadata.topic(), metadata.partition()),
                            metadata.offset())));
      }
      publisher.flush();
      sent.forEach(position -> expected.add(position.join()));
    }
    return pictures.size();
  }

  private void showUntilAllHaveResults(TagstreamApplication application, ResultFollower results) {
    long lastResult = System.nanoTime();
    while (!expected.isEmpty() && !signal.asked().isDone()) {
      requireRunning(application);
      if (show(results)) {
        lastResult = System.nanoTime();
      } else if (System.nanoTime() - lastResult > PATIENCE.toNanos()) {
        throw CliFailure.failed(
            expected.size()
                + " pictures still have no result, and none came for "
                + PATIENCE.toMinutes()
                + " minutes.");
      }
    }
  }

  private void showUntilAskedToStop(TagstreamApplication application, ResultFollower results) {
    while (!signal.asked().isDone()) {
      requireRunning(application);
      show(results);
    }
  }

  /** Shows what has come; whether anything has. */
  private boolean show(ResultFollower results) {
    List<Result> arrived = results.poll(POLL);
    for (Result result : arrived) {
      say("%s", ResultLines.forPeople(result, Instant.now()));
      if (result instanceof Result.Labelled labelled) {
        tagged += count(labelled.labels().getOrigin());
      } else if (result instanceof Result.Rejected reject) {
        rejected += count(reject.reject().getOrigin());
      }
    }
    return !arrived.isEmpty();
  }

  private int count(Origin origin) {
    return expected.remove(Position.of(origin)) ? 1 : 0;
  }

  private static void requireRunning(TagstreamApplication application) {
    if (application.stopped().isDone()) {
      throw CliFailure.failed(
          "Tagging stopped by itself"
              + application
                  .failure()
                  .map(failure -> ": " + Explanation.of(failure).sentence())
                  .orElse("."));
    }
  }

  private void explain() {
    String settings =
        cluster.broker().port() == 9092 && cluster.registry().port() == 8081
            ? ""
            : " --set kafka.bootstrap.servers="
                + config.bootstrapServers()
                + " --set registry.urls="
                + cluster.registry().url();
    Topics topics = config.topics();
    terminal
        .out()
        .print(
            """

            The demo goes on until Ctrl-C. In another terminal:

              publish a picture     ./tagstream publish PICTURE%1$s
              change the labels     edit %2$s (and its version), then
                                    ./tagstream labels apply %2$s%1$s
              follow everything     ./tagstream watch embeddings labels rejects --json%1$s
              other tools           Kafka at %3$s: %4$s, %5$s, %6$s, %7$s, %8$s
                                    Avro, with Confluent's registry API at %9$s
                                    kcat -b %3$s -t %6$s -s value=avro -r %9$s

            """
                .formatted(
                    settings,
                    folder.labels(),
                    config.bootstrapServers(),
                    topics.events(),
                    topics.embeddings(),
                    topics.labels(),
                    topics.rejects(),
                    topics.labelSets(),
                    cluster.registry().url()));
    terminal.out().flush();
  }

  private static Map<String, String> settings(DemoCluster cluster, DemoFolder folder) {
    return Map.of(
        "kafka.bootstrap.servers",
        cluster.broker().bootstrapServers(),
        "registry.urls",
        cluster.registry().url(),
        "application.id",
        "tagstream-demo",
        "application.stateDir",
        folder.resolve("state").toString(),
        "topics.partitions",
        "4",
        "labels.files",
        folder.labels().toString(),
        "web.port",
        "0");
  }

  private static double uptime() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }

  private void say(String format, Object... values) {
    terminal.out().println(String.format(Locale.ROOT, format, values));
  }
}
