package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.BestThreshold;
import dev.tagstream.model.evaluate.Calibration;
import dev.tagstream.model.evaluate.LabelScore;
import dev.tagstream.model.evaluate.PairedComparison;
import dev.tagstream.model.evaluate.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The tables that terminal and report share. Cells are plain text, escaped by nobody yet. */
final class EvaluationTables {

  private EvaluationTables() {}

  /**
   * A table.
   *
   * @param header empty texts for a table of facts, which needs none
   * @param names how many columns, from the left, are text; the others are numbers
   * @param rows each as long as the header
   */
  record Table(String title, List<String> header, int names, List<List<String>> rows) {
    boolean hasHeader() {
      return !header.stream().allMatch(String::isEmpty);
    }

    boolean isName(int column) {
      return column < names;
    }

    Table first(int most) {
      return new Table(title, header, names, rows.stream().limit(most).toList());
    }
  }

  static Table summary(ModelEvaluation evaluation) {
    Summary summary = evaluation.summary();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", evaluation.checkpoint().name()));
    rows.add(
        List.of(
            "label set",
            "%s, %d labels, templates: %s"
                .formatted(
                    evaluation.set().name(),
                    evaluation.set().labels().size(),
                    evaluation.templates().name())));
    rows.add(
        List.of(
            "images",
            summary.pictures() + " evaluated, " + evaluation.skipped().size() + " skipped"));
    rows.add(List.of("top-1", EvaluationFacts.percent(summary.top1())));
    rows.add(List.of("top-5", EvaluationFacts.percent(summary.top5())));
    rows.add(List.of("ECE", EvaluationFacts.number(summary.ece())));
    evaluation
        .fit()
        .ifPresent(
            fit -> {
              rows.add(
                  List.of(
                      "temperature",
                      EvaluationFacts.number(fit.temperature())
                          + (fit.atLimit()
                              ? " (end of the search: these pictures do not determine it)"
                              : "")));
              rows.add(
                  List.of(
                      "ECE with a fitted one, held out",
                      EvaluationFacts.number(fit.heldOut().ece())));
            });
    return new Table("Summary", List.of("", ""), 2, rows);
  }

  static Table comparison(ModelEvaluation first, ModelEvaluation second, PairedComparison pairs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(compared("first: ", first, pairs.onlyFirst()));
    rows.add(compared("second: ", second, pairs.onlySecond()));
    return new Table(
        "Comparison", List.of("model", "top-1", "top-5", "ECE", "only this one right"), 1, rows);
  }

  static String pairsText(PairedComparison pairs) {
    return String.format(
        Locale.ROOT,
        "Pictures that both label rightly: %d, that neither does: %d. McNemar's exact p = %.2g.",
        pairs.both(),
        pairs.neither(),
        pairs.pValue());
  }

  static Table labelsCompared(ModelEvaluation first, ModelEvaluation second) {
    return new Table(
        "Labels compared",
        List.of("label", "images", "first", "second", "difference"),
        1,
        first.labels().stream()
            .filter(score -> score.support() > 0 && gain(score, second) != 0)
            .sorted(Comparator.comparingDouble(score -> -Math.abs(gain(score, second))))
            .map(
                score ->
                    List.of(
                        first.labelName(score.label()),
                        String.valueOf(score.support()),
                        EvaluationFacts.number(score.f1()),
                        EvaluationFacts.number(second.labels().get(score.label()).f1()),
                        String.format(Locale.ROOT, "%+.3f", gain(score, second))))
            .toList());
  }

  private static double gain(LabelScore score, ModelEvaluation second) {
    return f1(second.labels().get(score.label())) - f1(score);
  }

  /** A label that plays no part is as useless as one that is never right. */
  private static double f1(LabelScore score) {
    return Objects.requireNonNullElse(score.f1(), 0.0);
  }

  private static List<String> compared(String which, ModelEvaluation evaluation, int onlyThis) {
    Summary summary = evaluation.summary();
    return List.of(
        which + evaluation.checkpoint().name(),
        EvaluationFacts.percent(summary.top1()),
        EvaluationFacts.percent(summary.top5()),
        EvaluationFacts.number(summary.ece()),
        String.valueOf(onlyThis));
  }

  static Table effects(ModelEvaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (ModelEvaluation.Effect effect : evaluation.effects()) {
      rows.add(
          List.of(
              effect.templates(),
              String.valueOf(effect.count()),
              EvaluationFacts.percent(effect.summary().top1()),
              EvaluationFacts.percent(effect.summary().top5()),
              EvaluationFacts.number(effect.summary().ece())));
    }
    return new Table(
        "Prompt templates", List.of("templates", "number", "top-1", "top-5", "ECE"), 1, rows);
  }

  static Table labels(ModelEvaluation evaluation) {
    return new Table(
        "Labels that occur",
        List.of("label", "images", "given", "precision", "recall", "F1", "threshold"),
        1,
        evaluation.labels().stream()
            .filter(score -> score.support() > 0 || score.predicted() > 0)
            .sorted(
                Comparator.comparing((LabelScore score) -> score.support() == 0)
                    .thenComparingDouble(EvaluationTables::f1))
            .map(score -> label(evaluation, score))
            .toList());
  }

  private static List<String> label(ModelEvaluation evaluation, LabelScore score) {
    return List.of(
        evaluation.labelName(score.label()),
        String.valueOf(score.support()),
        String.valueOf(score.predicted()),
        EvaluationFacts.number(score.precision()),
        EvaluationFacts.number(score.recall()),
        EvaluationFacts.number(score.f1()),
        evaluation
            .thresholds()
            .get(score.label())
            .map(BestThreshold::value)
            .map(EvaluationFacts::number)
            .orElse("-"));
  }

  static Table confusions(ModelEvaluation evaluation) {
    return new Table(
        "Confusions",
        List.of("is", "taken for", "images"),
        2,
        evaluation.confusions().stream()
            .map(
                confusion ->
                    List.of(
                        evaluation.labelName(confusion.truth()),
                        evaluation.labelName(confusion.predicted()),
                        String.valueOf(confusion.count())))
            .toList());
  }

  static Table calibration(Calibration calibration) {
    return new Table(
        "Calibration",
        List.of("probability", "images", "mean probability", "right"),
        1,
        calibration.bins().stream()
            .filter(bin -> bin.count() > 0)
            .map(
                bin ->
                    List.of(
                        "%s to %s"
                            .formatted(
                                EvaluationFacts.percent(bin.low()),
                                EvaluationFacts.percent(bin.high())),
                        String.valueOf(bin.count()),
                        EvaluationFacts.percent(bin.confidence()),
                        EvaluationFacts.percent(bin.accuracy())))
            .toList());
  }

  static Table skipped(ModelEvaluation evaluation) {
    return new Table(
        "Skipped",
        List.of("image", "reason"),
        2,
        evaluation.skipped().stream()
            .map(skipped -> List.of(skipped.name(), skipped.reason()))
            .toList());
  }
}
