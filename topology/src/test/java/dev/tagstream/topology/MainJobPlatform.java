package dev.tagstream.topology;

import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker, a registry and a small random checkpoint that several jobs share. */
final class MainJobPlatform implements AutoCloseable {
  private final Map<String, String> servers;
  private final Runnable stop;
  private final Path folder;
  private final List<MainJob> jobs = new ArrayList<>();

  private MainJobPlatform(Map<String, String> servers, Runnable stop, Path folder) {
    this.servers = servers;
    this.stop = stop;
    this.folder = folder;
  }

  static MainJobPlatform start() throws IOException {
    LocalPlatform local = LocalPlatform.start(BrokerOptions.temporary().withQuickFailover());
    return on(local.settings(), local::close);
  }

  /**
   * On servers that run already.
   *
   * @param servers the settings by which a configuration finds them
   * @param stop what stops them, run as this is closed
   */
  static MainJobPlatform on(Map<String, String> servers, Runnable stop) throws IOException {
    Path folder = Files.createTempDirectory("tagstream-main-job");
    RandomCheckpoint.write(folder.resolve("model"), CheckpointShape.named("tiny"), 1);
    Files.writeString(folder.resolve("labels.yaml"), "{labels: [dog, cat, boat]}");
    return new MainJobPlatform(servers, stop, folder);
  }

  /** A job with topics and consumer group of its own. */
  MainJob job(String name, String... settings) {
    MainJob job = jobWithoutTopics(name, settings);
    LocalPlatform.prepare(job.config());
    return job;
  }

  MainJob jobWithoutTopics(String name, String... settings) {
    MainJob job = new MainJob(config(name, settings));
    jobs.add(job);
    return job;
  }

  MainJob jobWithoutSchemas(String name) {
    MainJob job = jobWithoutTopics(name);
    LocalPlatform.createTopics(job.config());
    return job;
  }

  private TagstreamConfig config(String name, String... settings) {
    Map<String, String> all = new HashMap<>(servers);
    all.put("application.id", name);
    all.put("application.stateDir", folder.resolve("state").toString());
    for (String topic : List.of("events", "embeddings", "labels", "rejects", "labelSets")) {
      all.put("topics." + topic, name + "-" + topic);
    }
    all.put("topics.partitions", "3");
    all.put("topics.replication", "1");
    all.put("topics.minInSyncReplicas", "1");
    all.put("model.path", folder.resolve("model").toString());
    all.put("labels.files", folder.resolve("labels.yaml").toString());
    all.put("labels.unknownSetWait", "100ms");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.defaults(all);
  }

  @Override
  public void close() {
    jobs.forEach(MainJob::close);
    stop.run();
  }
}
