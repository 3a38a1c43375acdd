package dev.tagstream.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model hub on loopback that answers as the real one does: a record with git blobs and LFS
 * hashes, small files itself, large ones by a redirect to another server, which honours ranges.
 * Tests put faults in its way.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268";
  static final String REPOSITORY = "openai/clip-test";

  /** A request as it came. */
  record Request(
      String server,
      String path,
      @Nullable String range,
      @Nullable String ifRange,
      @Nullable String authorization) {}

  private record Fault(Predicate<String> path, AtomicInteger times, HttpHandler handler) {}

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, Object>> changedRecords = new LinkedHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer hub;
  private final HttpServer cdn;

  FakeHub() {
    hub = started("hub", this::answer);
    cdn = started("cdn", exchange -> Answers.bytes(exchange, files.get(name(exchange))));
  }

  /** A small repository of the usual shape, its weights of so many bytes. */
  static FakeHub withModel(int weightsBytes) {
    FakeHub hub = new FakeHub();
    hub.text("config.json", "{\"model_type\": \"clip\"}");
    hub.text("preprocessor_config.json", "{}");
    hub.text("tokenizer.json", "{}");
    hub.text("README.md", "---\nlicense: mit\n---\n# Card\n");
    byte[] weights = new byte[weightsBytes];
    new java.util.Random(7).nextBytes(weights);
    hub.files.put("model.safetensors", weights);
    hub.files.put("pytorch_model.bin", new byte[50]);
    hub.text("onnx/model.onnx", "another framework's");
    return hub;
  }

  void text(String path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  String url() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  String cdnUrl() {
    return "http://127.0.0.1:" + cdn.getAddress().getPort();
  }

  /** The next {@code times} requests whose path ends so are answered by the handler. */
  void fault(String pathEnd, int times, HttpHandler handler) {
    faults.add(new Fault(path -> path.endsWith(pathEnd), new AtomicInteger(times), handler));
  }

  /** Takes all faults away. */
  void heal() {
    faults.clear();
  }

  /** What the record says of a file instead of the truth. */
  void recordSays(String path, String key, Object value) {
    changedRecords.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(key, value);
  }

  /** How often a file's bytes were asked for. */
  long downloads(String path) {
    return requests.stream()
        .filter(r -> r.server().equals("cdn") && r.path().endsWith("/" + path))
        .count();
  }

  static String sha256(byte[] bytes) {
    return hash("SHA-256", bytes);
  }

  @Override
  public void close() {
    hub.stop(0);
    cdn.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String prefix = "/api/models/" + REPOSITORY;
    if (path.equals(prefix + "/revision/main") || path.equals(prefix + "/revision/" + COMMIT)) {
      Answers.json(exchange, Map.of("id", REPOSITORY, "sha", COMMIT, "siblings", siblings()));
    } else if (path.startsWith(prefix + "/revision/")) {
      Answers.status(404, "X-Error-Code", "RevisionNotFound").handle(exchange);
    } else if (path.startsWith("/" + REPOSITORY + "/resolve/" + COMMIT + "/")) {
      resolve(exchange);
    } else {
      Answers.status(401, "X-Error-Code", "RepoNotFound").handle(exchange);
    }
  }

  private void resolve(HttpExchange exchange) throws IOException {
    byte[] content = files.get(name(exchange));
    if (content == null) {
      Answers.status(404, "X-Error-Code", "EntryNotFound").handle(exchange);
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (isLarge(name(exchange))) {
      exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
      exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
      Answers.redirect(cdnUrl() + "/signed/" + name(exchange) + "?signature=abc").handle(exchange);
    } else {
      Answers.bytes(exchange, content);
    }
  }

  private List<Map<String, Object>> siblings() {
    List<Map<String, Object>> siblings = new ArrayList<>();
    files.forEach(
        (path, content) -> {
          Map<String, Object> sibling = new LinkedHashMap<>();
          sibling.put("rfilename", path);
          sibling.put("size", content.length);
          byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
          sibling.put("blobId", hash("SHA-1", header, content));
          if (isLarge(path)) {
            sibling.put("lfs", Map.of("sha256", sha256(content), "size", content.length));
          }
          sibling.putAll(changedRecords.getOrDefault(path, Map.of()));
          siblings.add(sibling);
        });
    return siblings;
  }

  private static boolean isLarge(String path) {
    return path.endsWith(".safetensors") || path.endsWith(".bin");
  }

  private static String name(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().replaceFirst(".*/", "");
  }

  private HttpServer started(String server, HttpHandler handler) {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.setExecutor(threads);
      started.createContext("/", exchange -> serve(server, exchange, handler));
      started.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(String server, HttpExchange exchange, HttpHandler handler) throws IOException {
    String path = exchange.getRequestURI().getPath();
    var headers = exchange.getRequestHeaders();
    requests.add(
        new Request(
            server,
            path,
            headers.getFirst("Range"),
            headers.getFirst("If-Range"),
            headers.getFirst("Authorization")));
    for (Fault fault : faults) {
      if (fault.path().test(server + path) && fault.times().getAndDecrement() > 0) {
        fault.handler().handle(exchange);
        return;
      }
    }
    handler.handle(exchange);
  }

  private static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
