package dev.tagstream.topology.commit;

import java.util.List;

/** The prefixes by which Kafka Streams hands a setting to some of its clients only. */
public final class ClientPrefixes {
  private static final List<String> PREFIXES =
      List.of(
          "main.consumer.",
          "restore.consumer.",
          "global.consumer.",
          "consumer.",
          "producer.",
          "admin.");

  private ClientPrefixes() {}

  /** The client's own name of a setting: {@code acks} for {@code producer.acks}. */
  public static String strip(String key) {
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        return key.substring(prefix.length());
      }
    }
    return key;
  }
}
