package dev.tagstream.topology.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP and JSON around {@link RegistryRoutes}. Every answer is JSON, errors too. */
final class RegistryEndpoint implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(RegistryEndpoint.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  /** A schema of ours has a few kilobytes. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  private static final int MAX_DISCARDED_BYTES = 64 << 20;

  private final ObjectMapper json = new ObjectMapper();
  private final RegistryRoutes routes;

  RegistryEndpoint(RegistryStore store) {
    this.routes = new RegistryRoutes(store, json.getNodeFactory());
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        send(exchange, 200, answer(exchange));
      } catch (RegistryError e) {
        send(exchange, e.status(), error(e));
      } catch (RestClientException e) {
        RegistryError error = RegistryError.of(e);
        send(exchange, error.status(), error(error));
      } catch (RuntimeException e) {
        log.error("The embedded registry failed on {}", exchange.getRequestURI(), e);
        send(exchange, 500, error(new RegistryError(500, 50001, "Error in the backend: " + e)));
      }
    }
  }

  private JsonNode answer(HttpExchange exchange)
      throws IOException, RegistryError, RestClientException {
    return routes.answer(
        exchange.getRequestMethod(),
        segments(exchange.getRequestURI().getRawPath()),
        query(exchange.getRequestURI().getRawQuery()),
        body(exchange));
  }

  private JsonNode body(HttpExchange exchange) throws IOException, RegistryError {
    byte[] bytes;
    try (InputStream in = exchange.getRequestBody()) {
      bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      discard(in);
    }
    if (bytes.length > MAX_BODY_BYTES) {
      throw new RegistryError(
          413, 413, "The request is larger than " + MAX_BODY_BYTES + " bytes, which is the limit");
    }
    if (bytes.length == 0) {
      return json.missingNode();
    }
    try {
      return json.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw RegistryError.badRequest("The request is not JSON: " + e.getOriginalMessage());
    }
  }

  /** A client that is still sending would see a broken connection instead of the answer. */
  private static void discard(InputStream in) throws IOException {
    byte[] buffer = new byte[8_192];
    long discarded = 0;
    int read;
    while (discarded < MAX_DISCARDED_BYTES && (read = in.read(buffer)) >= 0) {
      discarded += read;
    }
  }

  private static List<String> segments(String path) throws RegistryError {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        // In a path, unlike in a form, a plus sign is itself.
        segments.add(decoded(segment.replace("+", "%2B")));
      }
    }
    return segments;
  }

  private static Map<String, String> query(String query) throws RegistryError {
    Map<String, String> parameters = new HashMap<>();
    if (query != null) {
      for (String parameter : query.split("&", -1)) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        parameters.put(decoded(name), decoded(value));
      }
    }
    return parameters;
  }

  private static String decoded(String text) throws RegistryError {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw RegistryError.badRequest("Not URL-encoded: " + text);
    }
  }

  private JsonNode error(RegistryError error) {
    return json.createObjectNode()
        .put("error_code", error.code())
        .put("message", error.getMessage());
  }

  private void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
    byte[] bytes = json.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
