package dev.tagstream.model.hub;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * The network as this machine sees it; a test has one of its own.
 *
 * @param resolver finds the addresses of names
 * @param tls who is trusted; asked for when the first https address is
 * @param proxies in the order in which they are to be tried, of which the first is
 * @param silence how long the other side may say nothing
 */
record Network(
    Resolver resolver,
    Supplier<SSLContext> tls,
    Function<URI, List<Proxy>> proxies,
    Duration silence) {

  /** Finds the addresses of a host; asked twice, it may answer twice. */
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** With the certificates and proxies that the system properties name. */
  static Network ofThisMachine(Duration silence) {
    return new Network(
        InetAddress::getAllByName,
        // Not a method reference, which would load the client when a store is only looked at.
        () -> SSLContexts.createSystemDefault(),
        uri -> {
          ProxySelector selector = ProxySelector.getDefault();
          return selector == null ? List.of() : selector.select(uri);
        },
        silence);
  }

  /** All addresses of a host, at least one. */
  List<InetAddress> addresses(String host) throws UnknownHostException {
    List<InetAddress> addresses = List.of(resolver.addresses(host));
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return addresses;
  }

  /** The HTTP proxy before an address. A SOCKS proxy is the sockets' own affair. */
  Optional<InetSocketAddress> proxy(URI uri) {
    return proxies.apply(uri).stream()
        .findFirst()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .map(proxy -> (InetSocketAddress) proxy.address());
  }
}
