package dev.tagstream.topology.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.schemas.UndecodableRecordException;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.embedded.EmbeddedRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the registry is reached, and what happens when it is not. */
final class RegistryConnectionTest {
  private static final String TOPIC = "image-events";
  private static final Map<TopicRecord, String> TOPICS = Map.of(TopicRecord.IMAGE_EVENT, TOPIC);

  private final EmbeddedRegistry registry = EmbeddedRegistry.start(0);

  @BeforeEach
  void register() {
    SchemaRegistration.register(RegistryConfig.at(registry.url()), TOPICS);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void basicAuthenticationIsSent() throws Exception {
    try (RegistryGuard guard = RegistryGuard.withPassword(registry.url(), "alice", "s3cret")) {
      RegistryConfig withPassword =
          config(
              guard.url(),
              Map.of(
                  "basic.auth.credentials.source", "USER_INFO",
                  "basic.auth.user.info", "alice:s3cret"));

      assertWritesAndReads(withPassword);
      assertThat(SchemaRegistration.missing(withPassword, TOPICS)).isEmpty();
      assertThat(guard.passed()).isPositive();
    }
  }

  @Test
  void basicAuthenticationMayStandInTheUrl() throws Exception {
    try (RegistryGuard guard = RegistryGuard.withPassword(registry.url(), "alice", "s3cret")) {
      assertWritesAndReads(
          config(
              "http://alice:s3cret@" + guard.hostAndPort(),
              Map.of("basic.auth.credentials.source", "URL")));
    }
  }

  @Test
  void refusedCredentialsAreNamedAndCostNoRecord() throws Exception {
    byte[] bytes = written(RegistryConfig.at(registry.url()));
    try (RegistryGuard guard = RegistryGuard.withPassword(registry.url(), "alice", "s3cret")) {
      assertUnavailable(config(guard.url(), Map.of()), bytes, "refused our credentials (HTTP 401");
      assertThat(guard.passed()).isZero();
    }
  }

  @Test
  void tlsIsSpokenToARegistryThatTheTrustStoreKnows(@TempDir Path folder) throws Exception {
    SelfSigned certificate = SelfSigned.in(folder);
    byte[] bytes = written(RegistryConfig.at(registry.url()));
    try (RegistryGuard guard = RegistryGuard.withTls(registry.url(), certificate.serverContext())) {
      assertUnavailable(config(guard.url(), Map.of()), bytes, "cannot be asked");
      assertWritesAndReads(
          config(
              guard.url(),
              Map.of(
                  "schema.registry.ssl.truststore.location",
                  certificate.trustStore().toString(),
                  "schema.registry.ssl.truststore.password",
                  SelfSigned.PASSWORD,
                  "schema.registry.ssl.truststore.type",
                  "PKCS12")));
    }
  }

  @Test
  void ifOneUrlDoesNotAnswerTheNextIsAsked() throws Exception {
    assertWritesAndReads(
        new RegistryConfig(List.of(urlWhereNobodyListens(), registry.url()), quick(Map.of())));
  }

  @Test
  void anOutageCostsNoRecord() throws Exception {
    byte[] bytes = written(RegistryConfig.at(registry.url()));

    assertUnavailable(config(urlWhereNobodyListens(), Map.of()), bytes, "cannot be asked");
  }

  @Test
  void aKnownSchemaIsReadAndWrittenThroughAnOutage() throws Exception {
    try (AvroCodecs codecs = AvroCodecs.connect(config(registry.url(), Map.of()))) {
      ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
      byte[] before = codec.toBytes(TOPIC, Events.sample("before"));
      codec.fromBytes(TOPIC, before);

      registry.close();

      byte[] during = codec.toBytes(TOPIC, Events.sample("during"));
      assertThat(codec.fromBytes(TOPIC, during)).isEqualTo(Events.sample("during"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500 | {"error_code":50001,"message":"Error in the backend"}
          503 |
          429 | too many
          404 | <html>not found</html>
          404 | {"error_code":404,"message":"HTTP 404 Not Found"}
          200 | <html>welcome</html>
          """)
  void whateverABrokenServerAnswersCostsNoRecord(int status, @Nullable String body)
      throws Exception {
    byte[] bytes = written(RegistryConfig.at(registry.url()));
    try (Answering server = new Answering(status, body)) {
      assertUnavailable(
          config(server.url(), Map.of()), bytes, "schema registry at " + server.url());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\"}",
        "{\"schema\":\"{}\"}",
        "{\"schema\":\"\"}"
      })
  void aSchemaThatIsNotAvroIsTheRecordsFault(String answer) throws Exception {
    byte[] bytes = written(RegistryConfig.at(registry.url()));
    try (Answering server = new Answering(200, answer);
        AvroCodecs codecs = AvroCodecs.connect(config(server.url(), Map.of()))) {
      assertThatThrownBy(() -> codecs.codec(ImageEvent.class).fromBytes(TOPIC, bytes))
          .isInstanceOf(UndecodableRecordException.class)
          .hasMessageContaining("not an Avro schema");
    }
  }

  private static void assertWritesAndReads(RegistryConfig config) throws Exception {
    try (AvroCodecs codecs = AvroCodecs.connect(config)) {
      ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
      ImageEvent event = Events.sample("event-1");
      assertThat(codec.fromBytes(TOPIC, codec.toBytes(TOPIC, event))).isEqualTo(event);
    }
  }

  private static void assertUnavailable(RegistryConfig config, byte[] bytes, String reason) {
    try (AvroCodecs codecs = AvroCodecs.connect(config)) {
      ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
      assertThatThrownBy(() -> codec.fromBytes(TOPIC, bytes))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining(reason);
      assertThatThrownBy(() -> codec.toBytes(TOPIC, Events.sample("event-1")))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining(reason);
    }
  }

  private static byte[] written(RegistryConfig config) {
    try (AvroCodecs codecs = AvroCodecs.connect(config)) {
      return codecs.codec(ImageEvent.class).toBytes(TOPIC, Events.sample("event-1"));
    }
  }

  private static RegistryConfig config(String url, Map<String, String> properties) {
    return new RegistryConfig(List.of(url), quick(properties));
  }

  private static Map<String, String> quick(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(properties);
    all.put("max.retries", "0");
    return all;
  }

  private static String urlWhereNobodyListens() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** A server that has one answer for everything. */
  private static final class Answering implements AutoCloseable {
    private final HttpServer server;

    Answering(int status, @Nullable String body) throws Exception {
      byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
              exchange.getResponseBody().write(bytes);
            }
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
