package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The registry as an operator's commands use it, with every failure to ask it in one exception. */
final class RegistrySession implements AutoCloseable {
  private static final int HTTP_CONFLICT = 409;

  private final SchemaRegistryClient client;
  private final RegistryFaults faults;

  private RegistrySession(RegistryConfig config) {
    this.client = RegistryClients.connect(config);
    this.faults = new RegistryFaults(config);
  }

  static RegistrySession open(RegistryConfig config) {
    return new RegistrySession(config);
  }

  /** A schema under a subject. */
  record Version(int number, AvroSchema schema) {}

  /** All versions of a subject, oldest first; none if it does not exist. */
  List<Version> versions(String subject) {
    return asked(
            () -> {
              List<Version> versions = new ArrayList<>();
              for (int number : client.getAllVersions(subject)) {
                int id = client.getSchemaMetadata(subject, number).getId();
                versions.add(
                    new Version(number, avro(client.getSchemaBySubjectAndId(subject, id))));
              }
              return versions;
            })
        .orElse(List.of());
  }

  private static AvroSchema avro(ParsedSchema schema) {
    // The client has no parser for any other type.
    return (AvroSchema) schema;
  }

  /** The id of a schema under a subject, if it is registered there. */
  Optional<Integer> id(String subject, AvroSchema schema) {
    return asked(() -> client.getId(subject, schema));
  }

  /** The level that holds for a subject: its own, or else the registry's. */
  String level(String subject) {
    try {
      return client.getCompatibility(subject);
    } catch (RestClientException e) {
      return asked(() -> client.getCompatibility(null)).orElse("");
    } catch (IOException | RuntimeException e) {
      throw faults.unavailable(e);
    }
  }

  void setLevel(String subject, String level) {
    asked(() -> client.updateCompatibility(subject, level));
  }

  /** Registers a schema; empty if the registry finds it incompatible. */
  Optional<Integer> register(String subject, AvroSchema schema) {
    try {
      return Optional.of(client.register(subject, schema));
    } catch (RestClientException e) {
      if (e.getStatus() == HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw faults.unavailable(e);
    } catch (IOException | RuntimeException e) {
      throw faults.unavailable(e);
    }
  }

  /** The answer, or none if the registry knows no such thing. */
  private <T> Optional<T> asked(Question<T> question) {
    try {
      return Optional.ofNullable(question.ask());
    } catch (RestClientException | IOException | RuntimeException e) {
      if (RegistryFaults.saysUnknown(e)) {
        return Optional.empty();
      }
      throw faults.unavailable(e);
    }
  }

  private interface Question<T> {
    @Nullable T ask() throws IOException, RestClientException;
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
