package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.BestThreshold;
import dev.tagstream.model.evaluate.LabelScore;
import dev.tagstream.model.evaluate.PairedComparison;
import dev.tagstream.model.evaluate.Summary;
import java.util.ArrayList;
import java.util.List;

/** The tables that terminal and report share. Cells are plain text, escaped by nobody yet. */
final class EvaluationTables {

  private EvaluationTables() {}

  /**
   * A table.
   *
   * @param rows each as long as the header
   */
  record Table(String title, List<String> header, List<List<String>> rows) {}

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
    return new Table("Evaluation", List.of("", ""), rows);
  }

  static Table comparison(ModelEvaluation first, ModelEvaluation second, PairedComparison pairs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(compared("first: ", first, pairs.onlyFirst()));
    rows.add(compared("second: ", second, pairs.onlySecond()));
    return new Table(
        "Comparison: both right %d, neither %d, McNemar's exact p = %.4g"
            .formatted(pairs.both(), pairs.neither(), pairs.pValue()),
        List.of("model", "top-1", "top-5", "ECE", "only this one right"),
        rows);
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
        "Prompt templates", List.of("templates", "number", "top-1", "top-5", "ECE"), rows);
  }

  static Table labels(ModelEvaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (LabelScore score : evaluation.labels()) {
      if (score.support() > 0 || score.predicted() > 0) {
        rows.add(
            List.of(
                evaluation.labelName(score.label()),
                String.valueOf(score.support()),
                EvaluationFacts.number(score.precision()),
                EvaluationFacts.number(score.recall()),
                EvaluationFacts.number(score.f1()),
                evaluation
                    .thresholds()
                    .get(score.label())
                    .map(BestThreshold::value)
                    .map(EvaluationFacts::number)
                    .orElse("-")));
      }
    }
    return new Table(
        "Labels that occur",
        List.of("label", "images", "precision", "recall", "F1", "threshold"),
        rows);
  }

  static Table confusions(ModelEvaluation evaluation, int most) {
    List<List<String>> rows =
        evaluation.confusions().stream()
            .limit(most)
            .map(
                confusion ->
                    List.of(
                        evaluation.labelName(confusion.truth()),
                        evaluation.labelName(confusion.predicted()),
                        String.valueOf(confusion.count())))
            .toList();
    return new Table("Confusions", List.of("is", "taken for", "images"), rows);
  }

  static Table skipped(ModelEvaluation evaluation) {
    return new Table(
        "Skipped",
        List.of("image", "reason"),
        evaluation.skipped().stream()
            .map(skipped -> List.of(skipped.name(), skipped.reason()))
            .toList());
  }
}
