package dev.tagstream.topology.registry;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Stands before a registry as a reverse proxy does: asks for a password, or speaks TLS. */
final class RegistryGuard implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AtomicInteger passed = new AtomicInteger();
  private final HttpServer server;
  private final HttpContext context;
  private final String scheme;
  private final String registryUrl;

  private RegistryGuard(HttpServer server, String scheme, String registryUrl) {
    this.server = server;
    this.scheme = scheme;
    this.registryUrl = registryUrl;
    this.context = server.createContext("/", this::pass);
    server.setExecutor(threads);
  }

  static RegistryGuard withPassword(String registryUrl, String user, String password)
      throws IOException {
    RegistryGuard guard = new RegistryGuard(HttpServer.create(anyPort(), 0), "http", registryUrl);
    guard.context.setAuthenticator(
        new BasicAuthenticator("registry") {
          @Override
          public boolean checkCredentials(String givenUser, String givenPassword) {
            return givenUser.equals(user) && givenPassword.equals(password);
          }
        });
    guard.server.start();
    return guard;
  }

  static RegistryGuard withTls(String registryUrl, SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    RegistryGuard guard = new RegistryGuard(server, "https", registryUrl);
    guard.server.start();
    return guard;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(registryUrl + exchange.getRequestURI()))
              .header("Content-Type", "application/vnd.schemaregistry.v1+json")
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
              .build();
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      passed.incrementAndGet();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return scheme + "://" + hostAndPort();
  }

  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many requests came through to the registry. */
  int passed() {
    return passed.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
