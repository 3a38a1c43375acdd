package dev.tagstream.topology.embedded;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a registry does, over Confluent's client for tests. That client registers whatever it is
 * given and creates subjects by being asked for them; here both are put right. One request at a
 * time.
 */
final class RegistryStore {
  private final SchemaRegistryClient schemas = new MockSchemaRegistryClient();
  private final Map<String, CompatibilityLevel> levels = new HashMap<>();
  private CompatibilityLevel globalLevel = CompatibilityLevel.FULL_TRANSITIVE;
  private Mode mode = Mode.READWRITE;

  enum Mode {
    READWRITE,
    READONLY
  }

  /** A schema as a client sends it. */
  record Submitted(String type, String text, List<SchemaReference> references, boolean normalize) {}

  /** A schema as it stands under a subject. */
  record Registered(String subject, SchemaMetadata schema) {}

  synchronized List<String> subjects() throws IOException, RestClientException {
    List<String> named = new ArrayList<>();
    for (String subject : new TreeSet<>(schemas.getAllSubjects())) {
      if (exists(subject)) {
        named.add(subject);
      }
    }
    return named;
  }

  synchronized List<Integer> versions(String subject) throws RegistryError, IOException {
    try {
      return schemas.getAllVersions(subject);
    } catch (RestClientException e) {
      throw RegistryError.subjectNotFound(subject);
    }
  }

  synchronized Registered version(String subject, String version)
      throws RegistryError, IOException {
    List<Integer> versions = versions(subject);
    int number = number(version, versions);
    if (!versions.contains(number)) {
      throw RegistryError.versionNotFound(version);
    }
    try {
      return new Registered(subject, schemas.getSchemaMetadata(subject, number));
    } catch (RestClientException e) {
      throw RegistryError.of(e);
    }
  }

  private static int number(String version, List<Integer> versions) throws RegistryError {
    if (version.equals("latest") || version.equals("-1")) {
      return versions.get(versions.size() - 1);
    }
    try {
      int number = Integer.parseInt(version);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the same answer.
    }
    throw RegistryError.invalidVersion(version);
  }

  synchronized ParsedSchema byId(int id) throws RegistryError, IOException {
    try {
      return schemas.getSchemaById(id);
    } catch (RestClientException e) {
      throw RegistryError.schemaNotFound();
    }
  }

  synchronized List<Registered> usesOf(int id)
      throws RegistryError, IOException, RestClientException {
    byId(id);
    List<Registered> uses = new ArrayList<>();
    for (String subject : subjects()) {
      for (int version : versions(subject)) {
        SchemaMetadata schema = schemas.getSchemaMetadata(subject, version);
        if (schema.getId() == id) {
          uses.add(new Registered(subject, schema));
        }
      }
    }
    return uses;
  }

  synchronized Registered lookUp(String subject, Submitted submitted)
      throws RegistryError, IOException, RestClientException {
    versions(subject);
    return find(subject, parsed(submitted)).orElseThrow(RegistryError::schemaNotFound);
  }

  private Optional<Registered> find(String subject, ParsedSchema wanted)
      throws IOException, RestClientException {
    if (exists(subject)) {
      for (int version : schemas.getAllVersions(subject)) {
        SchemaMetadata candidate = schemas.getSchemaMetadata(subject, version);
        if (candidate.getSchema().equals(wanted.canonicalString())
            && candidate.getReferences().equals(wanted.references())) {
          return Optional.of(new Registered(subject, candidate));
        }
      }
    }
    return Optional.empty();
  }

  /** Registers a schema unless it is there already, and returns its id. */
  synchronized int register(String subject, Submitted submitted)
      throws RegistryError, IOException, RestClientException {
    ParsedSchema schema = parsed(submitted);
    Optional<Registered> present = find(subject, schema);
    if (present.isPresent()) {
      return present.get().schema().getId();
    }
    if (mode == Mode.READONLY) {
      throw RegistryError.readOnly();
    }
    List<String> reasons = incompatibilities(subject, schema, null);
    if (!reasons.isEmpty()) {
      throw RegistryError.incompatible(String.join(", ", reasons));
    }
    return schemas.register(subject, schema);
  }

  /** Why a schema may not follow those of the subject, or one of them; empty if it may. */
  synchronized List<String> incompatibilities(
      String subject, Submitted submitted, @Nullable String version)
      throws RegistryError, IOException, RestClientException {
    if (version != null) {
      version(subject, version);
    }
    return incompatibilities(subject, parsed(submitted), version);
  }

  private List<String> incompatibilities(
      String subject, ParsedSchema schema, @Nullable String version)
      throws RegistryError, IOException, RestClientException {
    if (!exists(subject)) {
      return List.of();
    }
    CompatibilityLevel level = levels.getOrDefault(subject, globalLevel);
    if (version == null) {
      schemas.updateCompatibility(subject, level.name);
      return schemas.testCompatibilityVerbose(subject, schema);
    }
    // Against one version alone: a registry of its own that holds nothing else.
    SchemaRegistryClient alone = new MockSchemaRegistryClient();
    alone.register(subject, byId(version(subject, version).schema().getId()));
    alone.updateCompatibility(subject, level.name);
    return alone.testCompatibilityVerbose(subject, schema);
  }

  private boolean exists(String subject) throws IOException {
    try {
      return !schemas.getAllVersions(subject).isEmpty();
    } catch (RestClientException e) {
      return false;
    }
  }

  private ParsedSchema parsed(Submitted submitted) throws RegistryError {
    try {
      Optional<ParsedSchema> schema =
          schemas.parseSchema(submitted.type(), submitted.text(), submitted.references());
      ParsedSchema parsed =
          schema.orElseThrow(
              () -> RegistryError.invalidSchema("not a schema of type " + submitted.type()));
      parsed.validate(true);
      return submitted.normalize() ? parsed.normalize() : parsed;
    } catch (RuntimeException e) {
      throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
    }
  }

  synchronized CompatibilityLevel globalLevel() {
    return globalLevel;
  }

  synchronized void setGlobalLevel(CompatibilityLevel level) {
    globalLevel = level;
  }

  synchronized Optional<CompatibilityLevel> level(String subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  synchronized void setLevel(String subject, CompatibilityLevel level) {
    levels.put(subject, level);
  }

  synchronized void clearLevel(String subject) {
    levels.remove(subject);
  }

  synchronized Mode mode() {
    return mode;
  }

  synchronized void setMode(Mode mode) {
    this.mode = mode;
  }
}
