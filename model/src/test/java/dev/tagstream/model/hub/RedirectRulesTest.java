package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectRulesTest {
  /** Names that resolve without any network; what is no name is an address already. */
  private static final Map<String, String> HOSTS =
      Map.of(
          "hub.example", "93.184.215.14",
          "cdn.example", "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
          "rebound.example", "10.0.0.7",
          "mirror.internal", "10.1.2.3",
          "other.internal", "192.168.4.5");

  @Test
  void aPublicHubMaySendToAnyPublicHostByHttps() {
    assertFollowed("https://hub.example", "https://cdn.example/file?signature=x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://cdn.example/file",
        "https://rebound.example/file",
        "https://127.0.0.1/file",
        "https://10.0.0.1/file",
        "https://172.16.9.9/file",
        "https://192.168.1.1/file",
        "https://100.64.0.1/file",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/file",
        "https://224.0.0.1/file",
        "https://255.255.255.255/file",
        "https://198.18.0.1/file",
        "https://[::1]/file",
        "https://[::]/file",
        "https://[fe80::1]/file",
        "https://[fd00::1]/file",
        "https://192.0.2.1/file",
        "https://[::ffff:10.0.0.1]/file",
        "https://[::ffff:0:a00:1]/file",
        "https://[64:ff9b:1::a00:1]/file",
        "https://[2001:0:4136:e378::]/file",
        "https://[2001:db8::1]/file",
        "https://[100::1]/file",
        "https://cdn.example:99999/file",
        "https://[64:ff9b::a00:1]/file",
        "https://[2002:a00:1::]/file",
        "https://[::a00:1]/file",
        "https://2130706433/file",
        "file:///etc/passwd",
        "ftp://cdn.example/file",
        "https://user@cdn.example/file",
        "https:///file",
      })
  void aPublicHubMayNotSendAnywhereElse(String target) {
    assertRefused("https://hub.example", target);
  }

  @Test
  void ipv4BehindNat64IsAsFarAsTheAddressInside() {
    assertFollowed("https://hub.example", "https://[64:ff9b::5db8:d70e]/file");
  }

  @Test
  void aMirrorOfOnesOwnMaySendWithinItsNetworkButNotToTheMachineItself() {
    assertFollowed("http://mirror.internal:8080", "http://other.internal/file");
    assertFollowed("http://mirror.internal:8080", "https://cdn.example/file");
    assertRefused("http://mirror.internal:8080", "http://127.0.0.1/file");
    assertRefused("http://mirror.internal:8080", "http://169.254.169.254/file");
    assertRefused("http://mirror.internal:8080", "http://hub.example/file");
  }

  @Test
  void aNameThatOnlyAProxyKnowsIsTheProxysToJudgeByHttpsAlone() {
    URI unknown = URI.create("https://outside.example/file");
    URI plain = URI.create("http://outside.example/file");
    URI within = URI.create("https://rebound.example/file");

    assertThat(rules("https://hub.example").judged(unknown, true)).isEmpty();
    assertThat(rules("https://elsewhere.example").judged(unknown, true)).isEmpty();
    assertRefused("https://hub.example", unknown.toString());
    assertThatThrownBy(() -> rules("http://mirror.internal").judged(plain, true))
        .isInstanceOf(HubException.class);
    assertThatThrownBy(() -> rules("https://hub.example").judged(within, true))
        .isInstanceOf(HubException.class);
    assertThatThrownBy(() -> rules("https://elsewhere.example").judged(within, true))
        .isInstanceOf(HubException.class);
  }

  @Test
  void onlyTheSameSchemeHostAndPortAreTheHubItself() {
    RedirectRules rules = rules("https://hub.example");

    assertThat(rules.isBase(URI.create("https://HUB.example:443/x"))).isTrue();
    assertThat(rules.isBase(URI.create("http://hub.example/x"))).isFalse();
    assertThat(rules.isBase(URI.create("https://hub.example:8443/x"))).isFalse();
    assertThat(rules.isBase(URI.create("https://hub.example.evil/x"))).isFalse();
  }

  private static void assertFollowed(String base, String target) {
    assertThatCode(() -> rules(base).judged(URI.create(target), false)).doesNotThrowAnyException();
  }

  private static void assertRefused(String base, String target) {
    assertThatThrownBy(() -> rules(base).judged(URI.create(target), false))
        .isInstanceOf(HubException.class);
  }

  private static RedirectRules rules(String base) {
    return new RedirectRules(
        URI.create(base),
        new Network(
            RedirectRulesTest::resolve,
            () -> {
              throw new IllegalStateException("Rules connect to nothing");
            },
            uri -> List.of(),
            Duration.ZERO));
  }

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    String address = HOSTS.getOrDefault(host, host);
    if (address.matches(".*[g-z].*")) {
      throw new UnknownHostException(host);
    }
    return InetAddress.getAllByName(address);
  }
}
