package dev.tagstream.model.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which hub, and who asks.
 *
 * @param base where the API starts; a mirror may have a path in front of it
 * @param token sent to {@code base} and to no other scheme, host or port
 */
public record HubOptions(URI base, Optional<String> token) {
  /** The public hub. */
  public static final String PUBLIC_HUB = "https://huggingface.co";

  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,4096}");

  /**
   * Checks the address and the token.
   *
   * @throws HubException if the address is no plain http or https address, if the token cannot be
   *     sent, or if it would cross a network in the clear
   */
  public static HubOptions of(String base, Optional<String> token) {
    URI address = address(base);
    token.ifPresent(
        secret -> {
          if (!TOKEN.matcher(secret).matches()) {
            throw new HubException(
                "The hub's token has characters that no token has; check hub.token for spaces and line ends.");
          }
          if (!address.getScheme().equals("https") && !isLoopbackName(address.getHost())) {
            throw new HubException(
                "A token is set and %s is not https: it would cross the network in the clear. Use https, or unset the token."
                    .formatted(address));
          }
        });
    return new HubOptions(address, token);
  }

  private static URI address(String base) {
    String problem = "The hub's address '" + PlainText.of(base, 200) + "' ";
    URI uri;
    try {
      uri = new URI(base.strip().replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new HubException(problem + "is no address: " + e.getReason() + ".", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
      throw new HubException(problem + "must start with https:// or http:// and name a host.");
    }
    if (uri.getPort() > 65_535) {
      throw new HubException(problem + "names a port that there is not.");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new HubException(
          "The hub's address must have no user, query or fragment; a token belongs in hub.token.");
    }
    return uri;
  }

  private static boolean isLoopbackName(String host) {
    return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
  }

  /** Where something of the hub is. */
  URI at(String path) {
    return URI.create(base + path);
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "HubOptions[base=" + base + ", token=" + (token.isPresent() ? "set" : "none") + "]";
  }
}
