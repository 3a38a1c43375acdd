package dev.tagstream.schemas;

import static java.util.stream.Collectors.joining;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How to reach the schema registry.
 *
 * @param urls addresses of one registry's servers; if one does not answer, the next is asked.
 *     {@code mock://name} is a registry in this process, for tests
 * @param properties Confluent's own keys for its client, passed through: {@code
 *     basic.auth.credentials.source}, {@code basic.auth.user.info}, {@code
 *     schema.registry.ssl.truststore.location}, {@code http.connect.timeout.ms} and so on
 */
public record RegistryConfig(List<String> urls, Map<String, String> properties) {

  private static final Set<String> SCHEMES = Set.of("http", "https", "mock");

  /** What makes the topics readable for all, and so is not left to configuration. */
  private static final Set<String> FIXED =
      Set.of(
          "schema.registry.url",
          "auto.register.schemas",
          "use.latest.version",
          "use.schema.id",
          "specific.avro.reader",
          "specific.avro.value.type",
          "schema.reflection",
          "avro.remove.java.properties",
          "avro.use.logical.type.converters",
          "normalize.schemas",
          "key.subject.name.strategy",
          "value.subject.name.strategy");

  /** Confluent's client takes these only as numbers, and fails on first use otherwise. */
  private static final Set<String> LONGS =
      Set.of(
          SchemaRegistryClientConfig.LATEST_CACHE_TTL_CONFIG,
          SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG,
          SchemaRegistryClientConfig.MISSING_VERSION_CACHE_TTL_CONFIG,
          SchemaRegistryClientConfig.MISSING_SCHEMA_CACHE_TTL_CONFIG);

  private static final Set<String> INTEGERS =
      Set.of(
          SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS,
          SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS,
          SchemaRegistryClientConfig.MAX_RETRIES_CONFIG,
          SchemaRegistryClientConfig.RETRIES_WAIT_MS_CONFIG,
          SchemaRegistryClientConfig.RETRIES_MAX_WAIT_MS_CONFIG,
          SchemaRegistryClientConfig.MISSING_CACHE_SIZE_CONFIG,
          SchemaRegistryClientConfig.PROXY_PORT);

  /**
   * @throws IllegalArgumentException if there is no URL, if one is malformed, or if a property is
   *     not left to configuration or not a number where it must be
   */
  public RegistryConfig {
    urls = List.copyOf(urls);
    properties = Map.copyOf(properties);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("The schema registry needs at least one URL");
    }
    urls.forEach(RegistryConfig::requireUrl);
    for (String key : properties.keySet()) {
      if (FIXED.contains(key)) {
        throw new IllegalArgumentException(
            "The registry property " + key + " is set by Tagstream and cannot be configured");
      }
    }
    clientProperties(properties);
  }

  /** One registry without authentication. */
  public static RegistryConfig at(String url) {
    return new RegistryConfig(List.of(url), Map.of());
  }

  /** The properties as Confluent's client wants them, with our defaults. */
  Map<String, Object> clientProperties() {
    return clientProperties(properties);
  }

  private static Map<String, Object> clientProperties(Map<String, String> properties) {
    Map<String, Object> typed = new TreeMap<>();
    typed.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, 5_000);
    typed.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, 10_000);
    // Without it, each record with a forged schema id costs a request.
    typed.put(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 10L);
    properties.forEach(
        (key, value) -> {
          if (LONGS.contains(key)) {
            typed.put(key, (long) number(key, value));
          } else if (INTEGERS.contains(key)) {
            typed.put(key, number(key, value));
          } else {
            typed.put(key, value);
          }
        });
    return typed;
  }

  private static int number(String key, String value) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The registry property " + key + " must be a whole number, and is '" + value + "'", e);
    }
  }

  private static void requireUrl(String url) {
    try {
      String scheme = new URI(url).getScheme();
      if (scheme != null && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
        return;
      }
    } catch (URISyntaxException e) {
      // Told below, with the same sentence.
    }
    throw new IllegalArgumentException(
        "'"
            + withoutCredentials(url)
            + "' is not the URL of a schema registry; it should read like http://host:8081");
  }

  /** The URLs, fit for a message: without the credentials that one may carry. */
  String urlsForPeople() {
    return urls.stream().map(RegistryConfig::withoutCredentials).collect(joining(", "));
  }

  private static String withoutCredentials(String url) {
    return url.replaceFirst("//[^/@]*@", "//");
  }

  /** Shows no secret: the URLs without credentials, and the properties' names alone. */
  @Override
  public String toString() {
    return "RegistryConfig[urls=" + urlsForPeople() + ", properties=" + properties.keySet() + "]";
  }
}
