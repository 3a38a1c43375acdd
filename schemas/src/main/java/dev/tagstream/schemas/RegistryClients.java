package dev.tagstream.schemas;

import static io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.security.basicauth.BasicAuthCredentialProviderFactory;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

final class RegistryClients {
  /** Schemas kept per subject and in all; far more than a topic has versions. */
  static final int CACHED_SCHEMAS = 1_000;

  private RegistryClients() {}

  static SchemaRegistryClient connect(RegistryConfig config) {
    try {
      requireKnownCredentialsSource(config);
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

  /** Confluent's client takes an unknown source for none and sends no credentials. */
  private static void requireKnownCredentialsSource(RegistryConfig config) {
    String source = config.properties().get(BASIC_AUTH_CREDENTIALS_SOURCE);
    if (source != null
        && BasicAuthCredentialProviderFactory.getBasicAuthCredentialProvider(
                source, config.clientProperties())
            == null) {
      throw new IllegalArgumentException(
          BASIC_AUTH_CREDENTIALS_SOURCE
              + " is '"
              + source
              + "', and only URL, USER_INFO, SASL_INHERIT and the aliases of providers on the class"
              + " path are known");
    }
  }
}
