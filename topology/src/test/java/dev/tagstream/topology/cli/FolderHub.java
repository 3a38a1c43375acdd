package dev.tagstream.topology.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A model hub on loopback that has one model: the files of a folder, all of them as LFS files. */
final class FolderHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String MODEL = "tests/tiny-clip";

  final List<String> tokens = new CopyOnWriteArrayList<>();
  private final Path folder;
  private final HttpServer server;

  FolderHub(Path folder) throws IOException {
    this(folder, MODEL);
  }

  FolderHub(Path folder, String model) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/models/" + model + "/revision/main", this::record);
    server.createContext("/" + model + "/resolve/" + COMMIT + "/", this::file);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void record(HttpExchange exchange) throws IOException {
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    List<Map<String, Object>> siblings = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        siblings.add(
            Map.of(
                "rfilename",
                file.getFileName().toString(),
                "size",
                content.length,
                "lfs",
                Map.of("sha256", sha256(content), "size", content.length)));
      }
    }
    send(
        exchange,
        new ObjectMapper().writeValueAsBytes(Map.of("sha", COMMIT, "siblings", siblings)));
  }

  private void file(HttpExchange exchange) throws IOException {
    send(
        exchange,
        Files.readAllBytes(
            folder.resolve(exchange.getRequestURI().getPath().replaceFirst(".*/", ""))));
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String sha256(byte[] bytes) throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  static void card(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("README.md"),
        "---\nlicense: mit\n---\n## Out-of-Scope Use Cases\nSurveillance.\n",
        StandardCharsets.UTF_8);
  }
}
