package dev.tagstream.topology.cli;

import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.topology.labels.LabelGate;

/** Holds the labels of commands that need no Kafka to the policy that {@code run} would apply. */
final class LabelPolicyCheck {

  private LabelPolicyCheck() {}

  /**
   * Warns on the terminal as the configured policy says.
   *
   * @throws InvalidLabelSetException if the policy refuses the set
   */
  static void check(LabelSet set, Terminal terminal) {
    LabelGate.policy(new ConfigOptions().load(terminal).config().labels())
        .check(set)
        .forEach(warning -> terminal.err().println("! " + warning));
  }
}
