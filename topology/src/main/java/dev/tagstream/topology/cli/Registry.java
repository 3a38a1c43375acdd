package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.RegistryConfig;
import dev.tagstream.topology.config.TagstreamConfig;

/** The schema registry of a configuration. */
final class Registry {

  private Registry() {}

  static RegistryConfig config(TagstreamConfig config) {
    return new RegistryConfig(config.registry().urls(), config.registry().properties());
  }

  static AvroCodecs codecs(TagstreamConfig config) {
    return AvroCodecs.connect(config(config));
  }
}
