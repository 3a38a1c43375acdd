package dev.tagstream.topology.labels;

import dev.tagstream.model.label.LabelPolicy;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.topology.config.TagstreamConfig;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets label sets in as the configured policy says, and logs what it warns of. Thread-safe. */
public final class LabelGate {
  private static final Logger LOG = LoggerFactory.getLogger(LabelGate.class);

  private final LabelPolicy policy;

  LabelGate(LabelPolicy policy) {
    this.policy = policy;
  }

  /**
   * By configuration.
   *
   * @throws dev.tagstream.model.label.InvalidLabelSetException if the policy file is none
   */
  public static LabelGate of(TagstreamConfig.Labels labels) {
    return new LabelGate(policy(labels));
  }

  /** The configured policy itself. */
  public static LabelPolicy policy(TagstreamConfig.Labels labels) {
    return switch (labels.policy()) {
      case TagstreamConfig.Labels.DEFAULT_POLICY -> LabelPolicy.shipped();
      case TagstreamConfig.Labels.NO_POLICY -> LabelPolicy.NONE;
      default -> LabelPolicy.read(Path.of(labels.policy()));
    };
  }

  /**
   * The set itself.
   *
   * @throws dev.tagstream.model.label.InvalidLabelSetException if the policy refuses it
   */
  public LabelSet admit(LabelSet set) {
    policy.check(set).forEach(LOG::warn);
    return set;
  }
}
