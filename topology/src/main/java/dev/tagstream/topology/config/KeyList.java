package dev.tagstream.topology.config;

import java.util.ArrayList;
import java.util.List;

/** Settings in the order in which they are added. */
final class KeyList {
  private final List<Key<?>> keys = new ArrayList<>();

  <T> Key<T> add(String path, ValueType<T> type, T defaultValue, String description) {
    Key<T> key = new Key<>(path, type, defaultValue, description);
    keys.add(key);
    return key;
  }

  List<Key<?>> all() {
    return List.copyOf(keys);
  }
}
