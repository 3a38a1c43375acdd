package dev.tagstream.topology.drill;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Counts results by origin. */
final class OutputTally {

  private final List<Map<String, Integer>> acceptable;
  private final Map<Origin, Map<String, Integer>> counts = new HashMap<>();
  private final Map<TopicPartition, Long> lastOffset = new HashMap<>();
  private long results;
  private int reordered;

  OutputTally(List<Map<String, Integer>> acceptable) {
    this.acceptable = acceptable;
  }

  /** A result as it stands in its topic; to be called in the order of each partition. */
  void add(TopicPartition where, Origin origin) {
    results++;
    int seen =
        counts.computeIfAbsent(origin, o -> new HashMap<>()).merge(where.topic(), 1, Integer::sum);
    long last = lastOffset.getOrDefault(where, -1L);
    // A repeated result is a duplicate, which is counted as such and not as disorder too.
    if (origin.partition() != where.partition() || (origin.offset() < last && seen == 1)) {
      reordered++;
    }
    lastOffset.put(where, Math.max(last, origin.offset()));
  }

  long results() {
    return results;
  }

  /** Events that have all their results, or more. */
  int finished() {
    return (int) counts.values().stream().filter(seen -> !lacks(seen)).count();
  }

  KillReport report(Collection<Origin> published, int kills) {
    int lost = 0;
    int duplicated = 0;
    for (Origin origin : published) {
      Map<String, Integer> seen = counts.getOrDefault(origin, Map.of());
      if (acceptable.contains(seen)) {
        continue;
      }
      if (lacks(seen)) {
        lost++;
      } else {
        duplicated++;
      }
    }
    // A result of an event nobody published is one too many as well.
    for (Origin origin : counts.keySet()) {
      duplicated += published.contains(origin) ? 0 : 1;
    }
    return new KillReport(published.size(), kills, lost, duplicated, reordered);
  }

  /** Whether more results could still make it acceptable. */
  private boolean lacks(Map<String, Integer> seen) {
    return !acceptable.contains(seen)
        && acceptable.stream()
            .anyMatch(
                whole ->
                    seen.entrySet().stream()
                        .allMatch(e -> e.getValue() <= whole.getOrDefault(e.getKey(), 0)));
  }
}
