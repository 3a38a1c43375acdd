package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.Map;
import java.util.stream.Stream;

/** A real broker with our topics, a registry with our schemas, and the program run against them. */
final class TopicsAndRegistry implements AutoCloseable {
  private final String scope;
  private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary());
  final AvroCodecs codecs;

  TopicsAndRegistry(String scope) throws Exception {
    this.scope = scope;
    for (TopicRecord record : TopicRecord.values()) {
      MockSchemaRegistry.getClientForScope(scope)
          .register(
              TopicRecord.subject(record.defaultTopic()), new AvroSchema(record.schemaText()));
    }
    codecs = AvroCodecs.connect(RegistryConfig.at("mock://" + scope));
    CliRun created = run("topics", "create");
    if (created.exitCode() != 0) {
      throw new IllegalStateException(created.err());
    }
  }

  CliRun run(String... arguments) {
    return CliRun.of(
        Stream.concat(
                Stream.of(arguments),
                settings().entrySet().stream()
                    .flatMap(
                        setting -> Stream.of("--set", setting.getKey() + "=" + setting.getValue())))
            .toArray(String[]::new));
  }

  TagstreamConfig config() {
    return ConfigLoader.defaults(settings());
  }

  private Map<String, String> settings() {
    return Map.of(
        "kafka.bootstrap.servers",
        broker.bootstrapServers(),
        "registry.urls",
        "mock://" + scope,
        "limits.maxEventBytes",
        "1MiB");
  }

  @Override
  public void close() {
    codecs.close();
    broker.close();
  }
}
