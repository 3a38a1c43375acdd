package dev.tagstream.topology.config;

import dev.tagstream.topology.commit.ClientPrefixes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the {@code kafka} section says where it is silent and Kafka's own default will not do. */
final class KafkaDefaults {
  private static final String GROUP_PROTOCOL = "group.protocol";

  private static final SettingReference BROKERS =
      setting(
          "bootstrap.servers",
          "localhost:9092",
          "brokers, separated by commas",
          "Any setting of Kafka's own. Where the brokers are:");

  /**
   * Kafka's 45 s would do for a restart of any kind. 20 s were too few for one with ViT-B/32 on two
   * busy cores, which took just as long.
   */
  private static final SettingReference SESSION_TIMEOUT =
      setting(
          "session.timeout.ms",
          "30000",
          "milliseconds",
          "How long the partitions of a killed instance or a failed stream thread wait for it"
              + " before others get them; a restart under the same group.instance.id should fit.");

  private KafkaDefaults() {}

  /** Those that the section leaves open. */
  static List<SettingReference> missing(Map<String, String> kafka) {
    List<SettingReference> missing = new ArrayList<>();
    if (!kafka.containsKey(name(BROKERS))) {
      missing.add(BROKERS);
    }
    // In the newer protocols the session's time-out is the broker's, and a client's is refused.
    if (isClassic(kafka) && !kafka.containsKey(name(SESSION_TIMEOUT))) {
      missing.add(SESSION_TIMEOUT);
    }
    return missing;
  }

  static String name(SettingReference setting) {
    return setting.key().substring(ConfigKeys.KAFKA.length() + 1);
  }

  private static boolean isClassic(Map<String, String> kafka) {
    return kafka.entrySet().stream()
        .filter(entry -> ClientPrefixes.strip(entry.getKey()).equals(GROUP_PROTOCOL))
        .allMatch(entry -> entry.getValue().equalsIgnoreCase("classic"));
  }

  private static SettingReference setting(
      String name, String value, String allowed, String description) {
    return new SettingReference(
        ConfigKeys.KAFKA + "." + name,
        EnvironmentSource.PREFIX + "KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT),
        value,
        allowed,
        description);
  }
}
