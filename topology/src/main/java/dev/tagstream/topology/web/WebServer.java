package dev.tagstream.topology.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP server for pages that are made afresh at each request. Its threads are few, and a
 * client that is slow to ask or to read loses its connection.
 *
 * <p>Thread-safe; pages are made on the server's threads.
 */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int THREADS = 4;
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Map<String, Supplier<Page>> pages;

  /**
   * What is answered.
   *
   * @param status of HTTP
   */
  public record Page(int status, String contentType, String body) {
    static Page json(int status, String body) {
      return new Page(status, "application/json", body);
    }
  }

  private WebServer(HttpServer server, ExecutorService threads, Map<String, Supplier<Page>> pages) {
    this.server = server;
    this.threads = threads;
    this.pages = new TreeMap<>(pages);
  }

  /**
   * Listens from now on.
   *
   * @param port 0 takes any free one
   * @param pages by path
   * @throws IOException if the address cannot be had; the message does not name it
   */
  public static WebServer start(String host, int port, Map<String, Supplier<Page>> pages)
      throws IOException {
    HttpLimits.apply();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
    if (address.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    HttpServer server = HttpServer.create(address, 0);
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "web-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    WebServer web = new WebServer(server, threads, pages);
    server.createContext("/", web::answer);
    server.setExecutor(threads);
    server.start();
    return web;
  }

  /** Where it can be reached from this machine; a wildcard address is shown as loopback. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    InetAddress host =
        bound.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : bound.getAddress();
    String text = host.getHostAddress();
    return URI.create(
        "http://%s:%d".formatted(text.contains(":") ? "[" + text + "]" : text, bound.getPort()));
  }

  /** Stops listening; requests under way are cut off. Calling it again does nothing. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Page page;
      try {
        page = page(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      } catch (RuntimeException e) {
        LOG.error("Answering {} failed", exchange.getRequestURI(), e);
        page = new Page(500, "text/plain; charset=utf-8", "Making this page failed: " + e + "\n");
      }
      send(exchange, page);
    }
  }

  private Page page(String method, String path) {
    Supplier<Page> page = pages.get(path);
    if (page == null) {
      return new Page(
          404,
          "text/plain; charset=utf-8",
          "There is no %s here, but %s\n".formatted(path, String.join(", ", pages.keySet())));
    }
    return READING.contains(method)
        ? page.get()
        : new Page(405, "text/plain; charset=utf-8", "Only GET and HEAD are answered\n");
  }

  private static void send(HttpExchange exchange, Page page) throws IOException {
    byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", page.contentType());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(page.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(page.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
