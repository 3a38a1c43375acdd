package dev.tagstream.model.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;

/** Ways in which a server of files goes wrong. */
final class Faults {

  private Faults() {}

  /** Announces all of it, or of the rest that is asked for, sends so many bytes, and hangs up. */
  static void cutAfter(HttpExchange exchange, byte[] content, int bytes) throws IOException {
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
    exchange.close();
  }

  static String etag(byte[] content) {
    return "\"" + FakeHub.sha256(content).substring(0, 32) + "\"";
  }
}
