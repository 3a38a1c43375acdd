package dev.tagstream.topology.labels;

import dev.tagstream.model.label.LabelMatrix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every label set in force at one moment. All outputs of an event are made from one snapshot, so
 * that they agree however often sets change. Immutable.
 */
public record LabelSnapshot(Map<String, LabelMatrix> byName) {

  public LabelSnapshot {
    byName = Map.copyOf(byName);
  }

  /** The compiled set, or null if there is none of the name. */
  public @Nullable LabelMatrix find(String name) {
    return byName.get(name);
  }

  /** The names, in the order given, that no set has. */
  public List<String> unknown(Collection<String> names) {
    return names.stream().filter(name -> !byName.containsKey(name)).toList();
  }
}
