package dev.tagstream.topology.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagstream.topology.embedded.RegistryStore.Submitted;
import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The variable parts of a request: of its path in order, of its query by name, and its body. */
record RegistryRequest(List<String> arguments, Map<String, String> query, JsonNode body) {
  String arg(int index) {
    return arguments.get(index);
  }

  int id() throws RegistryError {
    try {
      return Integer.parseInt(arg(0));
    } catch (NumberFormatException e) {
      throw RegistryError.schemaNotFound();
    }
  }

  Submitted submitted() throws RegistryError {
    JsonNode text = body.path("schema");
    if (!text.isTextual()) {
      throw RegistryError.invalidSchema("the request has no text in its field \"schema\"");
    }
    List<SchemaReference> references = new ArrayList<>();
    for (JsonNode reference : body.path("references")) {
      references.add(
          new SchemaReference(
              reference.path("name").asText(),
              reference.path("subject").asText(),
              reference.path("version").asInt()));
    }
    return new Submitted(
        body.path("schemaType").asText("AVRO"),
        text.asText(),
        references,
        Boolean.parseBoolean(query.get("normalize")));
  }

  CompatibilityLevel level() throws RegistryError {
    CompatibilityLevel level = CompatibilityLevel.forName(body.path("compatibility").asText());
    if (level == null) {
      throw RegistryError.invalidLevel(Arrays.toString(CompatibilityLevel.values()));
    }
    return level;
  }
}
