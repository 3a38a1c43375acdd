package dev.tagstream.topology.config;

/**
 * One effective setting, ready to be shown.
 *
 * @param key the dotted key
 * @param value as it would be written in YAML, a scalar or a list; secrets masked
 * @param origin {@code default}, the file, {@code environment NAME} or {@code --set}
 */
public record Setting(String key, Object value, String origin) {

  /** The origin of what nobody set. */
  public static final String DEFAULT = "default";
}
