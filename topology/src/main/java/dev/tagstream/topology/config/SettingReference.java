package dev.tagstream.topology.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  /**
   * Every setting; of the open section {@code kafka} those that have a default of Tagstream's, of
   * {@code registry.properties} none.
   */
  public static List<SettingReference> all() {
    return Stream.concat(
            ConfigKeys.all().stream().map(SettingReference::of),
            KafkaDefaults.missing(Map.of()).stream())
        .toList();
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
