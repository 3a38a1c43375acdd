package dev.tagstream.topology.config;

import dev.tagstream.topology.config.TagstreamConfig.LogFormat;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of what an operator sees: metrics, health and logs. */
final class OperationKeys {
  private static final KeyList KEYS = new KeyList();

  static final Key<String> WEB_HOST =
      KEYS.add(
          "web.host",
          ValueTypes.text(
              Pattern.compile("\\S+"), "an address of this machine, or 0.0.0.0 for all"),
          "127.0.0.1",
          "Where /metrics and /health listen; whoever reaches it can read them.");
  static final Key<Integer> WEB_PORT =
      KEYS.add(
          "web.port",
          ValueTypes.integer(0, 65_535),
          8080,
          "Port of the same; 0: any free one, which is logged.");
  static final Key<Duration> DEVICE_STUCK_AFTER =
      KEYS.add(
          "web.deviceStuckAfter",
          ValueTypes.duration(Duration.ZERO, Duration.ofHours(1)),
          Duration.ZERO,
          "How long the device may take for one batch before /health/live fails; 0s: twenty times"
              + " what full batches took at the start, and at least 30s.");

  static final Key<LogFormat> LOG_FORMAT =
      KEYS.add(
          "logging.format",
          ValueTypes.oneOf(LogFormat.class),
          LogFormat.AUTO,
          "Log lines of `tagstream run`; auto: text on a terminal, json elsewhere.");

  private OperationKeys() {}

  static List<Key<?>> all() {
    return KEYS.all();
  }
}
