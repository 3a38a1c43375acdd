package dev.tagstream.model.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Ways in which a server of files goes wrong. */
final class Faults {
  private static final int LONGEST_WAIT_MS = 20_000;

  private Faults() {}

  /**
   * Announces all of it, or of the rest that is asked for, sends so many bytes, and hangs up once
   * they lie in the part: bytes on their way when a connection breaks may be lost to its reader.
   */
  static void cutAfter(HttpExchange exchange, byte[] content, int bytes, Path part)
      throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    exchange.getResponseHeaders().set("ETag", etag(content));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    exchange
        .getResponseBody()
        .write(Arrays.copyOfRange(content, from, Math.min(content.length, from + bytes)));
    exchange.getResponseBody().flush();
    for (int waited = 0; size(part) < from + bytes && waited < LONGEST_WAIT_MS; waited++) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    exchange.close();
  }

  static String etag(byte[] content) {
    return "\"" + FakeHub.sha256(content).substring(0, 32) + "\"";
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
