package dev.tagstream.topology.cli;

import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.topology.admin.TopicAdmin;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;

/** A broker and a schema registry in this process, for as long as a command needs them. */
record EmbeddedPlatform(EmbeddedBroker broker, EmbeddedRegistry registry) implements AutoCloseable {

  /** Starts both on free ports. */
  static EmbeddedPlatform start(BrokerOptions options) {
    EmbeddedRegistry registry = EmbeddedRegistry.start(0);
    try {
      return new EmbeddedPlatform(EmbeddedBroker.start(options), registry);
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** The settings by which Tagstream finds both. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("registry.urls", registry.url());
    return settings;
  }

  /** Creates the topics and registers the schemas. */
  static void prepare(TagstreamConfig config) {
    CompletableFuture<?> schemas =
        CompletableFuture.runAsync(
            () -> SchemaRegistration.register(config.registry().client(), Registry.topics(config)));
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      new TopicAdmin(admin, config).createMissing();
    }
    try {
      schemas.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    registry.close();
    broker.close();
  }
}
