package dev.tagstream.topology.config;

import java.util.List;

/**
 * What a setting is, for people.
 *
 * @param key the dotted key
 * @param environment the variable that overrides it
 * @param defaultValue as it would be written in YAML
 * @param allowed what it may be
 * @param description what it does
 */
public record SettingReference(
    String key, String environment, Object defaultValue, String allowed, String description) {

  /** Every setting except the open sections {@code kafka} and {@code registry.properties}. */
  public static List<SettingReference> all() {
    return ConfigKeys.all().stream().map(SettingReference::of).toList();
  }

  private static <T> SettingReference of(Key<T> key) {
    return new SettingReference(
        key.path(),
        key.environmentName(),
        key.type().print(key.defaultValue()),
        key.type().allowed(),
        key.description());
  }
}
