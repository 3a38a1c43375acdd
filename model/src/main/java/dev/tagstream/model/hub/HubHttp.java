package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;

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
   * @param body ends with an exception when nothing comes for {@code silence}
   */
  record Answer(URI uri, int status, HttpHeaders headers, InputStream body)
      implements AutoCloseable {

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** Whether a page for people came, as from a proxy or a login. */
    boolean isHtml() {
      return header("Content-Type").toLowerCase(java.util.Locale.ROOT).startsWith("text/html");
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // Nothing more is wanted of it.
      }
    }
  }

  private final HubOptions options;
  private final RedirectRules rules;
  private final Pause pause;
  private final Duration silence;
  private final HttpClient client;

  /**
   * Asks nothing yet.
   *
   * @param silence how long the other side may say nothing
   */
  HubHttp(HubOptions options, RedirectRules rules, Pause pause, Duration silence) {
    this.options = options;
    this.rules = rules;
    this.pause = pause;
    this.silence = silence;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
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
      if (answer.status() / 100 != 3 || answer.status() == 304) {
        return answer;
      }
      answer.close();
      uri = location(uri, answer.header("Location"));
      rules.require(uri);
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
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(silence)
            .header("User-Agent", "tagstream")
            // Sizes and ranges are of the file as it is.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (rules.isBase(uri)) {
      options.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      return new Answer(
          uri,
          response.statusCode(),
          response.headers(),
          new SilenceGuard(response.body(), silence));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void sleep(Duration time) {
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static HubException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HubException("Interrupted while talking to the hub.", e);
  }

  private HubException unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (e instanceof HttpConnectTimeoutException || e instanceof ConnectException) {
      why = "no connection";
    } else if (e instanceof HttpTimeoutException) {
      why = "no answer in time";
    }
    return new HubException(
        "%s cannot be reached: %s. Check the network, the address (of the hub: hub.url) and, behind a proxy, -Dhttps.proxyHost in $TAGSTREAM_JAVA_OPTS; models that are in the store work without it."
            .formatted(options.base(), PlainText.of(why, 200)),
        e);
  }
}
