package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.config.TagstreamConfig;

/** The schema registry of a configuration. */
final class Registry {

  private Registry() {}

  static AvroCodecs codecs(TagstreamConfig config) {
    return AvroCodecs.connect(config.registry().client());
  }
}
