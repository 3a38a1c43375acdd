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
  private final LocalPlatform local;
  private final Path folder;
  private final List<MainJob> jobs = new ArrayList<>();

  private MainJobPlatform(LocalPlatform local, Path folder) {
    this.local = local;
    this.folder = folder;
  }

  static MainJobPlatform start() throws IOException {
    Path folder = Files.createTempDirectory("tagstream-main-job");
    RandomCheckpoint.write(folder.resolve("model"), CheckpointShape.named("tiny"), 1);
    Files.writeString(folder.resolve("labels.yaml"), "{labels: [dog, cat, boat]}");
    return new MainJobPlatform(
        LocalPlatform.start(BrokerOptions.temporary().withQuickFailover()), folder);
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
    Map<String, String> all = new HashMap<>(local.settings());
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
    local.close();
  }
}
