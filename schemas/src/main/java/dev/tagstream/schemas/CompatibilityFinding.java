package dev.tagstream.schemas;

import java.util.List;

/**
 * What a comparison of one of this version's schemas with an earlier one found.
 *
 * @param record the record whose schema was compared
 * @param against the earlier schema, for people: {@code release 0.1.0} or {@code image-events-value
 *     version 3}
 * @param problems what FULL_TRANSITIVE compatibility forbids, a sentence each; empty if compatible
 */
public record CompatibilityFinding(TopicRecord record, String against, List<String> problems) {

  public CompatibilityFinding {
    problems = List.copyOf(problems);
  }

  /** Whether either schema reads what the other wrote. */
  public boolean compatible() {
    return problems.isEmpty();
  }
}
