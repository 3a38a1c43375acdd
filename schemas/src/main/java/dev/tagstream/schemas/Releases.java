package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of each released version, as they stand in the folder {@code schemas/released} of the
 * repository and in this jar.
 */
final class Releases {
  private Releases() {}

  /** The released versions, oldest first. */
  static List<String> versions() {
    String list = read("VERSIONS");
    if (list == null) {
      throw new IllegalStateException("The build has left out the list of released schemas");
    }
    return list.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** The schema that a version had for a record; empty if the record is newer. */
  static Optional<AvroSchema> schema(String version, TopicRecord record) {
    return Optional.ofNullable(read(version + "/" + record.recordName() + ".avsc"))
        .map(AvroSchema::new);
  }

  private static @Nullable String read(String name) {
    try (InputStream in = Releases.class.getResourceAsStream("released/" + name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
