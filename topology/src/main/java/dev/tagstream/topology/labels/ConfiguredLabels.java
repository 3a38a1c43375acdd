package dev.tagstream.topology.labels;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.List;

/**
 * The label sets of the configuration, read but not compiled.
 *
 * @param gate what let them in, and lets in those of the topic
 * @param sets in the order of their files
 */
public record ConfiguredLabels(LabelGate gate, List<LabelSet> sets) {

  /**
   * Reads the policy and the label files; needs neither a model nor brokers, and warns as the
   * policy says.
   *
   * @throws dev.tagstream.model.label.InvalidLabelSetException if a file is no label set, the
   *     policy's is no policy, or the policy refuses a set
   */
  public static ConfiguredLabels read(TagstreamConfig.Labels labels) {
    LabelGate gate = LabelGate.of(labels);
    return new ConfiguredLabels(
        gate, labels.files().stream().map(LabelSetYaml::read).map(gate::admit).toList());
  }
}
