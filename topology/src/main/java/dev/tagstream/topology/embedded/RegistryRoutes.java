package dev.tagstream.topology.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.tagstream.topology.embedded.RegistryStore.Registered;
import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of Confluent's REST form, and what each answers. */
final class RegistryRoutes {
  private static final String ANY = "{}";

  private final RegistryStore store;
  private final JsonNodeFactory json;
  private final List<Route> routes;

  RegistryRoutes(RegistryStore store, JsonNodeFactory json) {
    this.store = store;
    this.json = json;
    this.routes =
        List.of(
            route("GET", "", r -> json.objectNode()),
            route("GET", "subjects", this::subjects),
            route("POST", "subjects/{}", r -> full(store.lookUp(r.arg(0), r.submitted()))),
            route("GET", "subjects/{}/versions", this::versions),
            route("POST", "subjects/{}/versions", this::register),
            route("GET", "subjects/{}/versions/{}", r -> full(store.version(r.arg(0), r.arg(1)))),
            route("GET", "subjects/{}/versions/{}/schema", this::versionText),
            route("GET", "schemas/types", r -> json.arrayNode().add("AVRO")),
            route("GET", "schemas/ids/{}", this::schema),
            route("GET", "schemas/ids/{}/schema", r -> text(store.byId(r.id()).canonicalString())),
            route("GET", "schemas/ids/{}/subjects", this::subjectsOf),
            route("GET", "schemas/ids/{}/versions", this::versionsOf),
            route("POST", "compatibility/subjects/{}/versions", r -> compatibility(r, null)),
            route("POST", "compatibility/subjects/{}/versions/{}", this::compatibilityWithOne),
            route("GET", "config", r -> level(store.globalLevel())),
            route("PUT", "config", this::setGlobalLevel),
            route("GET", "config/{}", this::subjectLevel),
            route("PUT", "config/{}", this::setSubjectLevel),
            route("DELETE", "config/{}", this::clearSubjectLevel),
            route("GET", "mode", r -> mode()),
            route("GET", "mode/{}", r -> mode()),
            route("PUT", "mode", this::setMode));
  }

  JsonNode answer(String method, List<String> segments, Map<String, String> query, JsonNode body)
      throws RegistryError, IOException, RestClientException {
    boolean pathExists = false;
    for (Route route : routes) {
      if (route.matches(segments)) {
        if (route.method.equals(method)) {
          return route.action.answer(new RegistryRequest(route.arguments(segments), query, body));
        }
        pathExists = true;
      }
    }
    throw pathExists
        ? new RegistryError(405, 405, "HTTP 405 Method Not Allowed")
        : new RegistryError(404, 404, "HTTP 404 Not Found");
  }

  private JsonNode subjects(RegistryRequest request) throws IOException, RestClientException {
    String prefix = request.query().getOrDefault("subjectPrefix", "");
    ArrayNode names = json.arrayNode();
    store.subjects().stream().filter(subject -> subject.startsWith(prefix)).forEach(names::add);
    return names;
  }

  private JsonNode versions(RegistryRequest request) throws RegistryError, IOException {
    ArrayNode numbers = json.arrayNode();
    store.versions(request.arg(0)).forEach(numbers::add);
    return numbers;
  }

  private JsonNode register(RegistryRequest request)
      throws RegistryError, IOException, RestClientException {
    return json.objectNode().put("id", store.register(request.arg(0), request.submitted()));
  }

  private JsonNode versionText(RegistryRequest request) throws RegistryError, IOException {
    return text(store.version(request.arg(0), request.arg(1)).schema().getSchema());
  }

  private JsonNode schema(RegistryRequest request) throws RegistryError, IOException {
    ParsedSchema schema = store.byId(request.id());
    ObjectNode answer = json.objectNode().put("schema", schema.canonicalString());
    addTypeAndReferences(answer, schema.schemaType(), schema.references());
    return answer;
  }

  private JsonNode subjectsOf(RegistryRequest request)
      throws RegistryError, IOException, RestClientException {
    ArrayNode names = json.arrayNode();
    store.usesOf(request.id()).stream().map(Registered::subject).distinct().forEach(names::add);
    return names;
  }

  private JsonNode versionsOf(RegistryRequest request)
      throws RegistryError, IOException, RestClientException {
    ArrayNode uses = json.arrayNode();
    for (Registered use : store.usesOf(request.id())) {
      uses.addObject().put("subject", use.subject()).put("version", use.schema().getVersion());
    }
    return uses;
  }

  private JsonNode compatibilityWithOne(RegistryRequest request)
      throws RegistryError, IOException, RestClientException {
    return compatibility(request, request.arg(1));
  }

  private JsonNode compatibility(RegistryRequest request, @Nullable String version)
      throws RegistryError, IOException, RestClientException {
    List<String> reasons = store.incompatibilities(request.arg(0), request.submitted(), version);
    ObjectNode answer = json.objectNode().put("is_compatible", reasons.isEmpty());
    if (Boolean.parseBoolean(request.query().get("verbose"))) {
      ArrayNode messages = answer.putArray("messages");
      reasons.forEach(messages::add);
    }
    return answer;
  }

  private JsonNode setGlobalLevel(RegistryRequest request) throws RegistryError {
    CompatibilityLevel level = request.level();
    store.setGlobalLevel(level);
    return json.objectNode().put("compatibility", level.name);
  }

  private JsonNode subjectLevel(RegistryRequest request) throws RegistryError {
    String subject = request.arg(0);
    CompatibilityLevel level = store.level(subject).orElse(null);
    if (level == null && Boolean.parseBoolean(request.query().get("defaultToGlobal"))) {
      level = store.globalLevel();
    }
    if (level == null) {
      throw RegistryError.levelNotConfigured(subject);
    }
    return level(level);
  }

  private JsonNode setSubjectLevel(RegistryRequest request) throws RegistryError {
    CompatibilityLevel level = request.level();
    store.setLevel(request.arg(0), level);
    return json.objectNode().put("compatibility", level.name);
  }

  private JsonNode clearSubjectLevel(RegistryRequest request) {
    store.clearLevel(request.arg(0));
    return level(store.globalLevel());
  }

  private JsonNode level(CompatibilityLevel level) {
    return json.objectNode().put("compatibilityLevel", level.name);
  }

  private JsonNode mode() {
    return json.objectNode().put("mode", store.mode().name());
  }

  private JsonNode setMode(RegistryRequest request) throws RegistryError {
    String name = request.body().path("mode").asText();
    for (RegistryStore.Mode mode : RegistryStore.Mode.values()) {
      if (mode.name().equals(name)) {
        store.setMode(mode);
        return mode();
      }
    }
    throw RegistryError.invalidMode(Arrays.toString(RegistryStore.Mode.values()));
  }

  private JsonNode text(String schema) {
    return json.rawValueNode(new RawValue(schema));
  }

  private ObjectNode full(Registered registered) {
    ObjectNode answer =
        json.objectNode()
            .put("subject", registered.subject())
            .put("version", registered.schema().getVersion())
            .put("id", registered.schema().getId())
            .put("schema", registered.schema().getSchema());
    addTypeAndReferences(
        answer, registered.schema().getSchemaType(), registered.schema().getReferences());
    return answer;
  }

  /** Avro without references is the default, and Confluent's servers leave it out. */
  private static void addTypeAndReferences(
      ObjectNode answer, String type, List<SchemaReference> references) {
    if (!type.equals("AVRO")) {
      answer.put("schemaType", type);
    }
    if (!references.isEmpty()) {
      ArrayNode array = answer.putArray("references");
      for (SchemaReference reference : references) {
        array
            .addObject()
            .put("name", reference.getName())
            .put("subject", reference.getSubject())
            .put("version", reference.getVersion());
      }
    }
  }

  private static Route route(String method, String path, Action action) {
    return new Route(method, path.isEmpty() ? List.of() : List.of(path.split("/", -1)), action);
  }

  private interface Action {
    JsonNode answer(RegistryRequest request) throws RegistryError, IOException, RestClientException;
  }

  private record Route(String method, List<String> path, Action action) {
    boolean matches(List<String> segments) {
      if (segments.size() != path.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
          return false;
        }
      }
      return true;
    }

    List<String> arguments(List<String> segments) {
      List<String> arguments = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        if (path.get(i).equals(ANY)) {
          arguments.add(segments.get(i));
        }
      }
      return arguments;
    }
  }
}
