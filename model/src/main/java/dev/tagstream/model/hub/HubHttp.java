package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * GET, with what a hub asks of its clients: redirects to where the bytes are, followed by hand so
 * that each is judged and the token stays at home, and waiting when it is asked for.
 */
final class HubHttp {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_ATTEMPTS = 5;

  /** Waits; a test's does not. */
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  /**
   * What came back, whatever its status; the caller closes it.
   *
   * @param headers the first of each name, by the name in lower case
   * @param body ends with an exception when nothing comes for {@link Network#silence}
   * @param end breaks off what is still to come
   */
  record Answer(URI uri, int status, Map<String, String> headers, InputStream body, Runnable end)
      implements AutoCloseable {

    /** A header's value; empty if there is none. */
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Whether a page for people came, as from a proxy or a login. */
    boolean isHtml() {
      return header("Content-Type").toLowerCase(Locale.ROOT).startsWith("text/html");
    }

    @Override
    public void close() {
      end.run();
    }
  }

  private final HubOptions options;
  private final RedirectRules rules;
  private final Pause pause;
  private final Network network;

  /** Asks nothing yet. */
  HubHttp(HubOptions options, Network network, Pause pause) {
    this.options = options;
    this.rules = new RedirectRules(options.base(), network);
    this.pause = pause;
    this.network = network;
  }

  /**
   * Asks for an address of the hub; answers of 400 and above come back as they are, once waiting
   * and asking again do not help.
   *
   * @throws HubException if nothing answers, or a redirect leads where it may not
   */
  Answer get(URI uri, Map<String, String> headers) {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == MAX_ATTEMPTS;
      try {
        Answer answer = following(uri, headers);
        if (last || !Waiting.isWorthAsking(answer.status())) {
          return answer;
        }
        answer.close();
        sleep(Waiting.beforeNext(answer, attempt));
      } catch (IOException e) {
        if (last || e instanceof SSLException) {
          throw unreachable(e);
        }
        sleep(Waiting.backoff(attempt));
      }
    }
  }

  /** Waits before a transfer that broke off goes on. */
  void pauseBefore(int attempt) {
    sleep(Waiting.backoff(attempt));
  }

  private Answer following(URI start, Map<String, String> headers) throws IOException {
    URI uri = start;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Answer answer = once(uri, headers);
      String location = answer.header("Location");
      if (answer.status() / 100 != 3 || location.isEmpty()) {
        return answer;
      }
      answer.close();
      uri = location(uri, location);
    }
    throw new HubException(
        "%s redirects more than %d times; check its address."
            .formatted(options.base(), MAX_REDIRECTS));
  }

  private URI location(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          "%s redirects to '%s', which is no address."
              .formatted(options.base(), PlainText.of(location, 200)),
          e);
    }
  }

  private Answer once(URI uri, Map<String, String> headers) throws IOException {
    HubConnection.Way way = way(uri);
    Map<String, String> all = new HashMap<>(headers);
    if (rules.isBase(uri)) {
      options.token().ifPresent(token -> all.put("Authorization", "Bearer " + token));
    }
    return HubConnection.get(uri, all, way, network);
  }

  /** Every address but the hub's own is judged, also where a proxy will resolve it once more. */
  private HubConnection.Way way(URI uri) throws UnknownHostException {
    Optional<InetSocketAddress> proxy = network.proxy(uri);
    List<InetAddress> judged = rules.isBase(uri) ? List.of() : rules.judged(uri, proxy.isPresent());
    if (proxy.isPresent()) {
      return new HubConnection.Way(proxy, network.addresses(proxy.get().getHostString()));
    }
    return new HubConnection.Way(
        proxy, judged.isEmpty() ? network.addresses(options.base().getHost()) : judged);
  }

  private void sleep(Duration time) {
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** For a thread that was interrupted; it still is afterwards. */
  static HubException interrupted(@Nullable Exception cause) {
    Thread.currentThread().interrupt();
    return new HubException("Interrupted while talking to the hub.", cause);
  }

  private HubException unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (e instanceof ConnectException
        || e instanceof ConnectTimeoutException
        || e instanceof NoRouteToHostException
        || e instanceof UnknownHostException) {
      why = "no connection";
    } else if (e instanceof SocketTimeoutException) {
      why = "no answer in time";
    }
    return new HubException(
        "%s cannot be reached: %s. Check the network, the address (of the hub: hub.url) and, behind a proxy, -Dhttps.proxyHost in $TAGSTREAM_JAVA_OPTS; models that are in the store work without it."
            .formatted(options.base(), PlainText.of(why, 200)),
        e);
  }
}
