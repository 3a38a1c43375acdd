package dev.tagstream.topology.config;

import java.util.List;
import java.util.stream.Stream;

/** Every setting there is. The sections {@code kafka} and {@code registry.properties} are open. */
final class ConfigKeys {
  static final String KAFKA = "kafka";
  static final String REGISTRY_PROPERTIES = "registry.properties";
  static final List<String> OPEN_SECTIONS = List.of(KAFKA, REGISTRY_PROPERTIES);

  private ConfigKeys() {}

  static List<Key<?>> all() {
    return Stream.of(StreamingKeys.all(), TaggingKeys.all(), OperationKeys.all())
        .flatMap(List::stream)
        .toList();
  }
}
