package dev.tagstream.model.hub;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Where a hub may send us. It answers for large files with the address of another server; a hub
 * that is hostile, or spoken for by somebody else, must not make this process knock at doors of its
 * own network.
 */
final class RedirectRules {

  /** How far an address reaches. */
  private enum Reach {
    PUBLIC,
    PRIVATE,
    LOOPBACK,
    LINK_LOCAL,
    NONE
  }

  private final URI base;
  private final Network network;

  RedirectRules(URI base, Network network) {
    this.base = base;
    this.network = network;
  }

  /** Whether both are the same scheme, host and port: only then the token goes along. */
  boolean isBase(URI uri) {
    return uri.getUserInfo() == null
        && base.getScheme().equalsIgnoreCase(uri.getScheme())
        && base.getHost().equalsIgnoreCase(uri.getHost())
        && port(base) == port(uri);
  }

  /**
   * Judges an address other than the hub's own.
   *
   * @param proxied whether a proxy resolves the name. Networks that are left by a proxy alone often
   *     know no names of the outside: one that has no address here is then the proxy's to judge
   * @return where its host is, which was judged: to be connected to instead of asking for the name
   *     again, since the second answer may be another; empty only for what the proxy judges
   * @throws HubException if it may not be asked
   */
  List<InetAddress> judged(URI target, boolean proxied) {
    if (target.getHost() == null || target.getUserInfo() != null || target.getPort() > 65_535) {
      throw refused(target, "it names no host, no port that there is, or a user");
    }
    boolean https = "https".equalsIgnoreCase(target.getScheme());
    boolean plainLikeBase =
        "http".equalsIgnoreCase(target.getScheme()) && base.getScheme().equals("http");
    if (!https && !plainLikeBase) {
      throw refused(target, "it is not https");
    }
    List<InetAddress> addresses = addresses(target, proxied);
    Set<Reach> reach = reach(addresses);
    if (!allowed(reach(addresses(base, proxied))).containsAll(reach)) {
      throw refused(target, "its address is not a public one");
    }
    if (!https && reach.contains(Reach.PUBLIC)) {
      throw refused(target, "it is not https");
    }
    return addresses;
  }

  /** From the public network only to it; from inside also to what is as far inside. */
  private static Set<Reach> allowed(Set<Reach> ofBase) {
    Set<Reach> allowed = EnumSet.of(Reach.PUBLIC);
    if (ofBase.contains(Reach.LOOPBACK)) {
      allowed.add(Reach.LOOPBACK);
      allowed.add(Reach.PRIVATE);
    }
    if (ofBase.contains(Reach.PRIVATE)) {
      allowed.add(Reach.PRIVATE);
    }
    return allowed;
  }

  private List<InetAddress> addresses(URI uri, boolean proxied) {
    try {
      return network.addresses(uri.getHost());
    } catch (UnknownHostException e) {
      if (proxied) {
        return List.of();
      }
      throw new HubException(
          "The host %s has no address here; check the network and the name."
              .formatted(PlainText.of(uri.getHost(), 200)),
          e);
    }
  }

  /** What has no address here is somewhere outside. */
  private static Set<Reach> reach(List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return EnumSet.of(Reach.PUBLIC);
    }
    Set<Reach> reach = EnumSet.noneOf(Reach.class);
    for (InetAddress address : addresses) {
      reach.add(reach(address));
    }
    return reach;
  }

  private static Reach reach(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16 && isNat64(bytes)) {
      // The way to the IPv4 network where there is only IPv6: as far as the address inside.
      return reach(ipv4Inside(bytes));
    }
    if (address.isLoopbackAddress()) {
      return Reach.LOOPBACK;
    }
    if (address.isLinkLocalAddress()) {
      return Reach.LINK_LOCAL;
    }
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      return Reach.NONE;
    }
    if (address.isSiteLocalAddress() || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc)) {
      return Reach.PRIVATE;
    }
    return address instanceof Inet4Address ? ipv4(bytes) : ipv6(bytes);
  }

  /** 64:ff9b::/96 of RFC 6052. */
  private static boolean isNat64(byte[] b) {
    byte[] prefix = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    return Arrays.equals(Arrays.copyOf(b, prefix.length), prefix);
  }

  private static InetAddress ipv4Inside(byte[] b) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(b, 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  /**
   * Public is what IANA has given out of 2000::/3; not the rest, in which IPv4 addresses hide in
   * several ways, nor 6to4 and Teredo, which hide them too, nor what is for documentation.
   */
  private static Reach ipv6(byte[] b) {
    int first = (b[0] & 0xff) << 8 | (b[1] & 0xff);
    int second = (b[2] & 0xff) << 8 | (b[3] & 0xff);
    boolean special =
        (first & 0xe000) != 0x2000
            || first == 0x2002
            || (first == 0x2001 && (second == 0 || second == 0xdb8));
    return special ? Reach.NONE : Reach.PUBLIC;
  }

  /** The special blocks of RFC 6890 that InetAddress does not know. */
  private static Reach ipv4(byte[] b) {
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    if (first == 100 && (second & 0xc0) == 64) {
      return Reach.PRIVATE;
    }
    boolean special =
        first == 0
            || first >= 240
            || (first == 192 && second == 0 && (b[2] == 0 || b[2] == 2))
            || (first == 198 && second == 51 && b[2] == 100)
            || (first == 203 && second == 0 && b[2] == 113)
            || (first == 198 && (second & 0xfe) == 18);
    return special ? Reach.NONE : Reach.PUBLIC;
  }

  private HubException refused(URI target, String why) {
    return new HubException(
        "%s answered with the address %s, which is not followed: %s. If this is a mirror of your own, name its real address with --hub."
            .formatted(base, PlainText.of(withoutQuery(target), 200), why));
  }

  private static String withoutQuery(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
