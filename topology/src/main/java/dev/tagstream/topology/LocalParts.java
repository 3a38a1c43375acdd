package dev.tagstream.topology;

import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.ConfiguredLabels;
import dev.tagstream.topology.source.SourceResolver;

/**
 * What an application is made of that needs neither model nor network: made first, so that what is
 * wrong with it is told before anybody is waited for.
 */
record LocalParts(SourceResolver sources, ConfiguredLabels labels) {

  /**
   * By configuration.
   *
   * @throws dev.tagstream.model.label.InvalidLabelSetException if a label file or the policy's is
   *     none, or the policy refuses a set
   * @throws IllegalArgumentException if an allowed folder does not exist
   */
  static LocalParts of(TagstreamConfig config) {
    return new LocalParts(
        new SourceResolver(config.sources().fileAllow(), config.limits().maxImageBytes()),
        ConfiguredLabels.read(config.labels()));
  }
}
