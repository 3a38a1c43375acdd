package dev.tagstream.topology.config;

import java.util.List;

/**
 * A configuration and where each part of it came from.
 *
 * @param settings every setting, in the order of the reference, secrets masked
 */
public record LoadedConfig(TagstreamConfig config, List<Setting> settings) {
  public LoadedConfig {
    settings = List.copyOf(settings);
  }
}
