package dev.tagstream.topology.embedded;

import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.topology.admin.TopicAdmin;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker and a schema registry in this process: what the demo, the benchmark, the drill and the
 * tests have in place of an operator's platform.
 */
public final class LocalPlatform implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;

  private LocalPlatform(EmbeddedBroker broker, EmbeddedRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  /**
   * Starts both on free ports.
   *
   * @throws EmbeddedBrokerException in one sentence, if the broker cannot start
   * @throws EmbeddedRegistryException in one sentence, if the registry cannot start
   */
  public static LocalPlatform start(BrokerOptions options) {
    EmbeddedRegistry registry = EmbeddedRegistry.start(0);
    try {
      return new LocalPlatform(EmbeddedBroker.start(options), registry);
    } catch (RuntimeException | Error e) {
      registry.close();
      throw e;
    }
  }

  /** Settings by which a configuration finds this platform; the caller's to add to. */
  public Map<String, String> settings() {
    return new HashMap<>(
        Map.of(
            "kafka.bootstrap.servers", broker.bootstrapServers(), "registry.urls", registry.url()));
  }

  /** Creates the topics and registers the schemas that the configuration names. */
  public static void prepare(TagstreamConfig config) {
    createTopics(config);
    SchemaRegistration.register(config.registry().client(), config.topics().byRecord());
  }

  /** Creates the topics only. */
  public static void createTopics(TagstreamConfig config) {
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      new TopicAdmin(admin, config).createMissing();
    }
  }

  public EmbeddedBroker broker() {
    return broker;
  }

  public EmbeddedRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    broker.close();
    registry.close();
  }
}
