package dev.tagstream.topology.config;

import java.util.List;

/**
 * A value as written, before it has a type.
 *
 * @param items the text of the scalar, or of each item of the list
 * @param list whether it was written as a YAML list
 * @param origin where it was written, for messages
 */
record RawValue(List<String> items, boolean list, String origin) {

  static RawValue scalar(String text, String origin) {
    return new RawValue(List.of(text), false, origin);
  }

  String text() {
    return list ? items.toString() : items.get(0);
  }
}
