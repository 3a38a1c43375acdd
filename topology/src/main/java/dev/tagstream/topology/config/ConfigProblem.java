package dev.tagstream.topology.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with the configuration.
 *
 * @param key the dotted key, for example {@code batch.maxSize}
 * @param value the value as written, masked where the key names a secret; null where there is none
 * @param origin where it was written, for example {@code tagstream.yaml}
 * @param message what is wrong and what is allowed, without the key and the value
 */
public record ConfigProblem(String key, @Nullable String value, String origin, String message) {

  @Override
  public String toString() {
    String written = value == null ? key : key + ": " + value;
    return written + "  (" + origin + "): " + message;
  }
}
