package dev.tagstream.model.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One label taken for another.
 *
 * @param truth index of the right label
 * @param predicted index of the one that was given
 * @param count how many pictures
 */
public record Confusion(int truth, int predicted, int count) {

  /** All pairs that occur, the most frequent first, then in the set's order. */
  public static List<Confusion> of(Scores scores) {
    Map<Integer, Map<Integer, Integer>> counts = new TreeMap<>();
    for (int i = 0; i < scores.pictures(); i++) {
      if (!scores.isRight(i)) {
        counts
            .computeIfAbsent(scores.truth(i), truth -> new TreeMap<>())
            .merge(scores.predicted(i), 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .map(cell -> new Confusion(row.getKey(), cell.getKey(), cell.getValue())))
        .sorted(Comparator.comparingInt(Confusion::count).reversed())
        .toList();
  }
}
