package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConfigTest {

  @Test
  void atLeastOneUrlIsNeeded() {
    assertThatThrownBy(() -> new RegistryConfig(List.of(), Map.of()))
        .hasMessageContaining("at least one URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8081", "ftp://host", "", "http//host", "ht tp://host"})
  void whatIsNoUrlOfARegistryIsRefused(String url) {
    assertThatThrownBy(() -> RegistryConfig.at(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + url + "'")
        .hasMessageContaining("http://host:8081");
  }

  @Test
  void whatTagstreamSetsItselfCannotBeConfigured() {
    assertThatThrownBy(() -> withProperty("auto.register.schemas", "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auto.register.schemas");
  }

  @Test
  void aNumberMustBeOne() {
    assertThatThrownBy(() -> withProperty("http.read.timeout.ms", "soon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http.read.timeout.ms")
        .hasMessageContaining("'soon'");
  }

  @Test
  void confluentsClientAcceptsEveryPropertyAsText() {
    AvroCodecs.connect(
            new RegistryConfig(
                List.of("http://127.0.0.1:9"),
                Map.of(
                    "http.connect.timeout.ms", "100",
                    "http.read.timeout.ms", "100",
                    "max.retries", "0",
                    "retries.wait.ms", "1",
                    "retries.max.wait.ms", "1",
                    "missing.cache.size", "10",
                    "missing.id.cache.ttl.sec", "1",
                    "latest.cache.ttl.sec", "1",
                    "proxy.host", "proxy",
                    "proxy.port", "3128")))
        .close();
  }

  @Test
  void aPropertyThatConfluentsClientRefusesIsNamedAtStart() {
    assertThatThrownBy(
            () ->
                AvroCodecs.connect(withProperty("basic.auth.credentials.source", "SOMEWHERE_ELSE")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://127.0.0.1:9")
        .hasMessageContaining("'SOMEWHERE_ELSE'")
        .hasMessageContaining("USER_INFO");
  }

  @Test
  void secretsAreNotShown() {
    RegistryConfig config =
        new RegistryConfig(
            List.of("http://alice:hush@registry:8081"),
            Map.of("basic.auth.user.info", "alice:hush"));

    assertThat(config.toString())
        .contains("basic.auth.user.info", "registry:8081")
        .doesNotContain("hush");
  }

  private static RegistryConfig withProperty(String key, String value) {
    return new RegistryConfig(List.of("http://127.0.0.1:9"), Map.of(key, value));
  }
}
