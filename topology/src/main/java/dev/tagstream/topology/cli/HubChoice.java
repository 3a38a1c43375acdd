package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.HubOptions;
import dev.tagstream.topology.config.LoadedConfig;
import dev.tagstream.topology.config.Setting;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which hub is asked, and with which token. {@code HF_ENDPOINT} and {@code HF_TOKEN}, which other
 * tools read, stand in for what the configuration does not set. A token goes only where it was
 * meant for: that of the configuration to {@code hub.url}, the other to the public hub or to {@code
 * HF_ENDPOINT}.
 */
final class HubChoice {

  private HubChoice() {}

  /**
   * Chooses.
   *
   * @param named with {@code --hub}; no token goes to an address that only stands there
   */
  static HubOptions of(
      @Nullable String named, LoadedConfig loaded, Map<String, String> environment) {
    String configured = loaded.config().hub().url();
    Optional<String> endpoint = set(environment, "HF_ENDPOINT");
    String usual = isDefault(loaded) ? endpoint.orElse(configured) : configured;
    String url = named == null ? usual : named;
    Optional<String> token = Optional.of(loaded.config().hub().token()).filter(t -> !t.isEmpty());
    if (token.isEmpty()
        && (url.equals(HubOptions.PUBLIC_HUB) || endpoint.equals(Optional.of(url)))) {
      return HubOptions.of(url, set(environment, "HF_TOKEN"));
    }
    return HubOptions.of(url, url.equals(usual) ? token : Optional.empty());
  }

  private static boolean isDefault(LoadedConfig loaded) {
    return loaded.settings().stream()
        .filter(setting -> setting.key().equals("hub.url"))
        .allMatch(setting -> setting.origin().equals(Setting.DEFAULT));
  }

  private static Optional<String> set(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
