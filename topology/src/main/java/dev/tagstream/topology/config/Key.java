package dev.tagstream.topology.config;

import java.util.Locale;

/**
 * One setting: where it stands, what it may be, what it is when nobody sets it.
 *
 * @param path the dotted path in the YAML file
 */
record Key<T>(String path, ValueType<T> type, T defaultValue, String description) {

  /** {@code batch.maxSize} is {@code TAGSTREAM_BATCH_MAX_SIZE} in the environment. */
  String environmentName() {
    return EnvironmentSource.PREFIX
        + path.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
