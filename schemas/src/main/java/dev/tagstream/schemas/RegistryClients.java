package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

final class RegistryClients {
  /** Schemas kept per subject and in all; far more than a topic has versions. */
  static final int CACHED_SCHEMAS = 1_000;

  private RegistryClients() {}

  static SchemaRegistryClient connect(RegistryConfig config) {
    try {
      return SchemaRegistryClientFactory.newClient(
          config.urls(),
          CACHED_SCHEMAS,
          List.of(new AvroSchemaProvider()),
          config.clientProperties(),
          Map.of());
    } catch (KafkaException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The configuration of the schema registry at "
              + config.urlsForPeople()
              + " is not valid: "
              + e.getMessage(),
          e);
    }
  }
}
