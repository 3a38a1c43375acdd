package dev.tagstream.topology.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.topology.web.WebServer.Page;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebServerTest {
  private static final String LOOPBACK = "127.0.0.1";

  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        WebServer.start(
            LOOPBACK,
            0,
            Map.of(
                "/page",
                () -> new Page(200, "text/plain", "hello"),
                "/broken",
                () -> {
                  throw new IllegalStateException("out of order");
                }));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aPageIsAnsweredAtItsPathAndNoOther() {
    HttpResponse<String> page = Http.get(server.address(), "/page");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("hello");
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(Http.get(server.address(), "/page/below").statusCode()).isEqualTo(404);
    assertThat(Http.get(server.address(), "/").body()).contains("/broken, /page");
  }

  @Test
  void onlyReadingIsAnswered() {
    HttpRequest.Builder page = HttpRequest.newBuilder(server.address().resolve("/page"));

    assertThat(Http.send(page.POST(HttpRequest.BodyPublishers.ofString("x")).build()).statusCode())
        .isEqualTo(405);
    HttpResponse<String> head =
        Http.send(page.method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPageThatCannotBeMadeIsAServerErrorThatSaysWhy() {
    HttpResponse<String> broken = Http.get(server.address(), "/broken");

    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).contains("out of order");
  }

  /** They hold all of its threads until their time is up; nobody waits longer than that. */
  @Test
  void clientsThatNeverFinishAskingKeepNobodyElseOut() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.getOutputStream().write("GET /page HT".getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }

      assertThat(Http.get(server.address(), "/page").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void aPortInUseIsRefused() {
    assertThatThrownBy(() -> WebServer.start(LOOPBACK, server.address().getPort(), Map.of()))
        .isInstanceOf(BindException.class);
  }

  @Test
  void onceClosedItsPortIsFree() throws Exception {
    int port = server.address().getPort();
    server.close();

    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(server.address().resolve("/page")).build(),
                        HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(ConnectException.class);
    try (WebServer next = WebServer.start(LOOPBACK, port, Map.of())) {
      assertThat(next.address().getPort()).isEqualTo(port);
    }
  }
}
