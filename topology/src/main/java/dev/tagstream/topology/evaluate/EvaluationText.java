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

  /** A label may be a sentence; the report and {@code --json} have all of it. */
  private static final int WIDEST_NAME = 48;

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
    add(lines, EvaluationTables.confusions(first).first(MOST_CONFUSIONS));
    add(lines, EvaluationTables.effects(first));
    add(lines, EvaluationTables.summary(first));
    if (second != null && pairs != null) {
      add(lines, EvaluationTables.comparison(first, second, pairs));
      lines.add("  " + EvaluationTables.pairsText(pairs));
    }
    return lines;
  }

  private static void add(List<String> lines, EvaluationTables.Table table) {
    if (table.rows().isEmpty()) {
      return;
    }
    List<List<String>> all = new ArrayList<>();
    if (table.hasHeader()) {
      all.add(table.header());
    }
    for (List<String> row : table.rows()) {
      all.add(table.hasHeader() ? row.stream().map(EvaluationText::shortened).toList() : row);
    }
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
              .mapToObj(column -> padded(table, column, row, widths))
              .collect(Collectors.joining("  ", "  ", ""))
              .stripTrailing());
    }
  }

  private static String shortened(String text) {
    if (text.codePointCount(0, text.length()) <= WIDEST_NAME) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, WIDEST_NAME - 1)) + "…";
  }

  private static String padded(
      EvaluationTables.Table table, int column, List<String> row, int[] widths) {
    String text = row.get(column);
    String space = " ".repeat(widths[column] - text.length());
    return table.isName(column) ? text + space : space + text;
  }
}
