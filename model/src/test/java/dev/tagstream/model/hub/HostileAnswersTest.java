package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that breaks the protocol to hold or flood whoever asks it; without end, if it could. */
@Timeout(60)
class HostileAnswersTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  /** So often that whoever goes on has no end; after that the file is whole. */
  private static final int MANY_TIMES = 40;

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension final PullFixture fixture = new PullFixture(3_000_000);

  @Test
  void headersThatComeOneByteAtATimeForEverAreGivenUp() {
    assertUnreachable(
        SHORT,
        "no answer in time",
        listener -> {
          listener.write(HostileServer.ascii(HEAD + "X-Slow: "));
          while (true) {
            listener.write('x');
            Thread.sleep(20);
          }
        });
  }

  @Test
  void interimAnswersWithoutEndAreGivenUp() {
    assertUnreachable(
        SHORT,
        "no answer in time",
        listener -> {
          while (true) {
            listener.write(HostileServer.ascii("HTTP/1.1 103 Early Hints\r\n\r\n"));
            Thread.sleep(20);
          }
        });
  }

  @Test
  void aHeaderWithoutEndIsCutOff() {
    assertUnreachable(
        LONG,
        "line length",
        listener -> {
          listener.write(HostileServer.ascii(HEAD + "X-Long: "));
          while (true) {
            listener.write(new byte[8_192]);
          }
        });
  }

  @Test
  void headersWithoutEndAreCutOff() {
    assertUnreachable(
        LONG,
        "header count",
        listener -> {
          listener.write(HostileServer.ascii(HEAD));
          while (true) {
            listener.write(HostileServer.ascii("X-Many: 1\r\n"));
          }
        });
  }

  @Test
  void aRecordWithoutEndIsHungUpOnAndNotReadToItsEnd() {
    try (HostileServer server =
        new HostileServer(
            listener -> {
              listener.write(HostileServer.ascii(HEAD + "Content-Length: 1000000000000\r\n\r\n"));
              while (true) {
                listener.write(new byte[65_536]);
              }
            })) {
      assertThatThrownBy(() -> pull(server, LONG)).hasMessageContaining("larger than 16 MiB");
    }
  }

  @Test
  void whatAnErrorQuotesOfTheServerIsMadePlain() {
    try (HostileServer server =
        new HostileServer(
            listener ->
                listener.write(
                    HostileServer.ascii(
                        HEAD + "Transfer-Encoding: chunked\r\n\r\n\u001b[2J owned\r\n")))) {
      assertThatThrownBy(() -> pull(server, LONG))
          .hasMessageContaining("broke off while it sent its record")
          .hasMessageContaining("[2J owned")
          .hasMessageNotContaining("\u001b");
    }
  }

  @Test
  void aServerThatSendsTheSameBytesAgainAndAgainIsGivenUp() {
    fixture
        .hub()
        .fault(
            "cdn/signed/model.safetensors",
            MANY_TIMES,
            exchange -> {
              if (exchange.getRequestHeaders().containsKey("Range")) {
                Answers.status(416).handle(exchange);
              } else {
                Faults.cutAfter(exchange, fixture.weights(), 1_500_000, fixture.part());
              }
            });

    fixture.assertRefused("model.safetensors broke off");
  }

  @Test
  void anInterruptedPullEndsThoughNothingComes() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    try (HostileServer server =
        new HostileServer(
            listener -> {
              asked.countDown();
              Thread.sleep(LONG.toMillis());
            })) {
      Throwable[] thrown = new Throwable[1];
      boolean[] stillInterrupted = new boolean[1];
      Thread pulling =
          new Thread(
              () -> {
                try {
                  pull(server, LONG);
                } catch (HubException e) {
                  thrown[0] = e;
                }
                stillInterrupted[0] = Thread.currentThread().isInterrupted();
              });
      pulling.start();
      asked.await();
      pulling.interrupt();
      pulling.join();

      assertThat(thrown[0]).hasMessageContaining("Interrupted");
      assertThat(stillInterrupted[0]).isTrue();
    }
  }

  @Test
  void whatAProxySaysInTheHubsPlaceIsNotBelieved() {
    String record = "{\"sha\":\"" + FakeHub.COMMIT + "\",\"siblings\":[]}";
    try (HostileServer proxy =
        new HostileServer(
            listener ->
                listener.write(
                    HostileServer.ascii(
                        "HTTP/1.1 206 Forged\r\nContent-Type: application/json\r\nContent-Length: "
                            + record.length()
                            + "\r\n\r\n"
                            + record)))) {
      fixture.store().network = behind(proxy);

      assertThatThrownBy(
              () ->
                  fixture
                      .store()
                      .pull(
                          FakeHub.REPOSITORY,
                          HubOptions.of("https://hub.example", Optional.empty())))
          .hasMessageContaining("cannot be reached: the proxy answered with status 206");
    }
  }

  @Test
  void aNameThatOnlyTheProxyKnowsIsLeftToIt() {
    fixture
        .hub()
        .fault(
            "hub/openai/clip-test/resolve/" + FakeHub.COMMIT + "/model.safetensors",
            Integer.MAX_VALUE,
            Answers.redirect("https://outside.example/model.safetensors"));
    try (HostileServer proxy =
        new HostileServer(
            listener ->
                listener.write(
                    HostileServer.ascii("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")))) {
      fixture.store().network = behind(proxy);

      fixture.assertRefused("cannot be reached: the proxy answered with status 502");
    }
  }

  /** With a proxy before every https address, and no names but numbers. */
  private static Network behind(HostileServer proxy) {
    Proxy before =
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.1", proxy.port()));
    Network here = Network.ofThisMachine(LONG);
    return new Network(
        new Names(),
        here.tls(),
        uri -> "https".equals(uri.getScheme()) ? List.of(before) : List.of(),
        LONG);
  }

  private void assertUnreachable(Duration silence, String why, HostileServer.Speech speech) {
    try (HostileServer server = new HostileServer(speech)) {
      assertThatThrownBy(() -> pull(server, silence))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining(why);
    }
  }

  private StoredModel pull(HostileServer server, Duration silence) {
    fixture.store().network = Network.ofThisMachine(silence);
    return fixture.store().pull(FakeHub.REPOSITORY, HubOptions.of(server.url(), Optional.empty()));
  }
}
