package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.PairedComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An evaluation as lines for a terminal. */
public final class EvaluationText {
  private static final int MOST_CONFUSIONS = 20;

  private EvaluationText() {}

  /**
   * The lines; what was skipped is not among them.
   *
   * @param second the checkpoint to compare with, and {@code pairs} the comparison; both or none
   */
  public static List<String> lines(
      ModelEvaluation first, @Nullable ModelEvaluation second, @Nullable PairedComparison pairs) {
    List<String> lines = new ArrayList<>();
    add(lines, EvaluationTables.labels(first));
    add(lines, EvaluationTables.confusions(first, MOST_CONFUSIONS));
    add(lines, EvaluationTables.effects(first));
    add(lines, EvaluationTables.summary(first));
    if (second != null && pairs != null) {
      add(lines, EvaluationTables.comparison(first, second, pairs));
    }
    return lines;
  }

  private static void add(List<String> lines, EvaluationTables.Table table) {
    if (table.rows().isEmpty()) {
      return;
    }
    List<List<String>> all = new ArrayList<>();
    if (!table.header().stream().allMatch(String::isEmpty)) {
      all.add(table.header());
    }
    all.addAll(table.rows());
    int[] widths =
        IntStream.range(0, table.header().size())
            .map(column -> all.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(table.title());
    for (List<String> row : all) {
      lines.add(
          IntStream.range(0, widths.length)
              .mapToObj(column -> padded(row.get(column), widths[column]))
              .collect(Collectors.joining("  ", "  ", ""))
              .stripTrailing());
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
