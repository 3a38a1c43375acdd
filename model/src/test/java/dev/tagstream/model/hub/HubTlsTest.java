package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are chosen before connecting, but it is the name that a certificate has to be for. */
class HubTlsTest {
  private static final String PASSWORD = "nothing secret";

  @TempDir Path folder = Path.of("");
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private SSLContext tls;

  HubTlsTest() throws Exception {
    tls = SSLContext.getDefault();
    server = HttpsServer.create();
  }

  @BeforeEach
  void startAsHubInternal() throws Exception {
    tls = certified("hub.internal");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestURI().getPath());
          Answers.status(404).handle(exchange);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub.internal", "127.0.0.1", "[::1]"})
  void aHubWithACertificateForItsNameOrAddressIsAsked(String host) {
    assertThatThrownBy(() -> pullFrom(host)).hasMessageContaining("There is no model");

    assertThat(paths).containsExactly("/api/models/" + FakeHub.REPOSITORY + "/revision/main");
  }

  @Test
  void aHubWithACertificateForAnotherNameIsToldNothing() {
    assertThatThrownBy(() -> pullFrom("other.internal"))
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("other.internal");

    assertThat(paths).isEmpty();
  }

  private StoredModel pullFrom(String host) {
    PulledStore store = new PulledStore(folder);
    Names names =
        new Names()
            .is("hub.internal", "127.0.0.1")
            .is("other.internal", "127.0.0.1")
            // Where the server is not, so that this works without IPv6.
            .is("[::1]", "127.0.0.1");
    store.network = new Network(names, () -> tls, uri -> List.of(), Duration.ofSeconds(30));
    return store.pull(
        FakeHub.REPOSITORY,
        HubOptions.of(
            "https://" + host + ":" + server.getAddress().getPort(), Optional.of("hf_secret")));
  }

  /** A key and a certificate of its own for a name, trusted by the same context. */
  private SSLContext certified(String host) throws Exception {
    Path file = folder.resolve("key.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "hub",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host + ",ip:127.0.0.1,ip:::1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("hub", keys.getCertificate("hub"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
