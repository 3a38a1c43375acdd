package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One GET on a connection of its own, which goes to addresses that are known before it is opened:
 * no name is asked for again. It ends with its answer, read or not, so that nobody waits for the
 * rest of gigabytes and no connection serves a second address. A pull makes a dozen requests, and
 * the connections' set-up is nothing beside what they bring.
 */
final class HubConnection implements AutoCloseable {
  private static final Timeout CONNECT = Timeout.ofSeconds(20);

  /** Signed addresses have a few thousand characters. */
  private static final Http1Config LIMITS =
      Http1Config.custom()
          .setMaxLineLength(16 << 10)
          .setMaxHeaderCount(200)
          .setMaxEmptyLineCount(10)
          .build();

  /**
   * Where to connect to.
   *
   * @param proxy passes what is asked on; it then resolves names itself
   * @param addresses of the proxy or, where there is none, of the host itself
   */
  record Way(Optional<InetSocketAddress> proxy, List<InetAddress> addresses) {}

  private final QuietConnection line = new QuietConnection(LIMITS);
  private final CloseableHttpClient client;
  private final SilenceGuard guard;

  private HubConnection(Way way, Network network) {
    this.client = client(way, network);
    this.guard = new SilenceGuard(network.silence(), this::hangUp);
  }

  /**
   * Asks.
   *
   * @return what came back, whatever its status; closing it ends the connection
   * @throws IOException if nothing came back, or nothing in time
   */
  static HubHttp.Answer get(URI uri, Map<String, String> headers, Way way, Network network)
      throws IOException {
    HubConnection connection = new HubConnection(way, network);
    HubHttp.Answer answer = null;
    try {
      answer = connection.guard.await(() -> connection.answer(uri, headers));
      return answer;
    } finally {
      if (answer == null) {
        connection.close();
      }
    }
  }

  private HubHttp.Answer answer(URI uri, Map<String, String> headers) throws IOException {
    HttpGet request = new HttpGet(URI.create(uri.toASCIIString()));
    headers.forEach(request::setHeader);
    // Sizes and ranges are of the file as it is.
    request.setHeader("Accept-Encoding", "identity");
    request.setHeader("Connection", "close");
    HttpClientContext context = HttpClientContext.create();
    ClassicHttpResponse response = client.executeOpen(null, request, context);
    if ("https".equalsIgnoreCase(uri.getScheme()) && context.getSSLSession() == null) {
      // Said by the proxy in the clear, where only the host itself is believed.
      throw new IOException("the proxy answered with status " + response.getCode());
    }
    InputStream body =
        response.getEntity() == null
            ? InputStream.nullInputStream()
            : response.getEntity().getContent();
    return new HubHttp.Answer(
        uri, response.getCode(), firstOfEach(response), guard.watched(body), this::close);
  }

  private static Map<String, String> firstOfEach(ClassicHttpResponse response) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      String value = header.getValue();
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
    }
    return headers;
  }

  private CloseableHttpClient client(Way way, Network network) {
    TlsSocketStrategy tls =
        (socket, host, port, attachment, context) ->
            new DefaultClientTlsStrategy(
                    network.tls().get(), HostnameVerificationPolicy.BUILTIN, null)
                .upgrade(socket, host, port, attachment, context);
    BasicHttpClientConnectionManager connections =
        BasicHttpClientConnectionManager.create(
            null,
            new Known(way.addresses()),
            RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build(),
            unbound -> line);
    connections.setConnectionConfig(ConnectionConfig.custom().setConnectTimeout(CONNECT).build());
    HttpClientBuilder builder =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setUserAgent("tagstream")
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setAuthenticationEnabled(false)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching();
    way.proxy()
        .ifPresent(proxy -> builder.setProxy(new HttpHost(proxy.getHostString(), proxy.getPort())));
    return builder.build();
  }

  /** Breaks the connection off, wherever it is; its reader is told by an exception. */
  private void hangUp() {
    line.close(CloseMode.IMMEDIATE);
  }

  @Override
  public void close() {
    guard.close();
    hangUp();
    client.close(CloseMode.IMMEDIATE);
  }

  /** The only addresses there are, whatever name or literal address is asked for. */
  private record Known(List<InetAddress> addresses) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) {
      return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
