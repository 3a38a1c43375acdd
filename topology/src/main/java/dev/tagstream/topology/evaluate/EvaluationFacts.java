package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.BestThreshold;
import dev.tagstream.model.evaluate.LabelScore;
import dev.tagstream.model.evaluate.PairedComparison;
import dev.tagstream.model.evaluate.Summary;
import dev.tagstream.model.label.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An evaluation as numbers and texts for a program to read. */
public final class EvaluationFacts {

  private EvaluationFacts() {}

  /** Everything that was found out, in an order for reading. */
  public static Map<String, Object> of(ModelEvaluation evaluation) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", evaluation.checkpoint().name());
    facts.put("weightsSha256", evaluation.checkpoint().weightsSha256());
    facts.put("labelSet", evaluation.set().name());
    facts.put("templatesUsed", evaluation.templates().name());
    putSummary(facts, evaluation.summary());
    facts.put("nll", evaluation.calibration().nll());
    facts.put("logitScale", evaluation.checkpoint().logitScale());
    facts.put("temperature", temperature(evaluation));
    facts.put("perLabel", perLabel(evaluation));
    facts.put("confusions", confusions(evaluation));
    facts.put("mistakes", mistakes(evaluation));
    facts.put("templates", effects(evaluation));
    facts.put("skippedCount", evaluation.skipped().size());
    facts.put("skipped", evaluation.skipped());
    facts.put("labelsYaml", LabelLines.yaml(evaluation));
    return facts;
  }

  /** The second checkpoint beside the first. */
  public static Map<String, Object> of(ModelEvaluation second, PairedComparison pairs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", second.checkpoint().name());
    facts.put("weightsSha256", second.checkpoint().weightsSha256());
    putSummary(facts, second.summary());
    facts.put("both", pairs.both());
    facts.put("onlyFirst", pairs.onlyFirst());
    facts.put("onlySecond", pairs.onlySecond());
    facts.put("neither", pairs.neither());
    facts.put("pValue", pairs.pValue());
    facts.put("perLabel", perLabel(second));
    return facts;
  }

  private static void putSummary(Map<String, Object> facts, Summary summary) {
    facts.put("images", summary.pictures());
    facts.put("top1", summary.top1());
    facts.put("top5", summary.top5());
    facts.put("ece", summary.ece());
  }

  private static @Nullable Map<String, Object> temperature(ModelEvaluation evaluation) {
    return evaluation
        .fit()
        .map(
            fit -> {
              Map<String, Object> facts = new LinkedHashMap<>();
              facts.put("fitted", fit.temperature());
              facts.put("atLimit", fit.atLimit());
              facts.put("eceHeldOut", fit.heldOut().ece());
              facts.put("nllHeldOut", fit.heldOut().nll());
              return facts;
            })
        .orElse(null);
  }

  private static List<Map<String, Object>> perLabel(ModelEvaluation evaluation) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (LabelScore score : evaluation.labels()) {
      Label label = evaluation.set().labels().get(score.label());
      Optional<BestThreshold> best = evaluation.thresholds().get(score.label());
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("id", label.id());
      facts.put("name", label.name());
      facts.put("support", score.support());
      facts.put("predicted", score.predicted());
      facts.put("precision", score.precision());
      facts.put("recall", score.recall());
      facts.put("f1", score.f1());
      facts.put("threshold", best.map(BestThreshold::value).orElse(null));
      facts.put("thresholdF1", best.map(BestThreshold::f1).orElse(null));
      facts.put(
          "similarityThreshold",
          BestThreshold.of(evaluation.scores().column(score.label()), positives(evaluation, score))
              .map(BestThreshold::value)
              .orElse(null));
      all.add(facts);
    }
    return all;
  }

  private static boolean[] positives(ModelEvaluation evaluation, LabelScore score) {
    boolean[] positives = new boolean[evaluation.pictures().size()];
    for (int i = 0; i < positives.length; i++) {
      positives[i] = evaluation.scores().truth(i) == score.label();
    }
    return positives;
  }

  private static List<Map<String, Object>> confusions(ModelEvaluation evaluation) {
    return evaluation.confusions().stream()
        .map(
            confusion ->
                Map.<String, Object>of(
                    "truth", evaluation.labelName(confusion.truth()),
                    "predicted", evaluation.labelName(confusion.predicted()),
                    "count", confusion.count()))
        .toList();
  }

  private static List<Map<String, Object>> mistakes(ModelEvaluation evaluation) {
    return evaluation.mistakes().stream()
        .map(
            mistake ->
                Map.<String, Object>of(
                    "image", evaluation.pictures().get(mistake.picture()).path().toString(),
                    "truth", evaluation.labelName(mistake.truth()),
                    "predicted", evaluation.labelName(mistake.predicted()),
                    "probability", mistake.probability(),
                    "truthProbability", mistake.truthProbability()))
        .toList();
  }

  private static List<Map<String, Object>> effects(ModelEvaluation evaluation) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (ModelEvaluation.Effect effect : evaluation.effects()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", effect.templates());
      facts.put("count", effect.count());
      putSummary(facts, effect.summary());
      all.add(facts);
    }
    return all;
  }

  /** A share as a person reads it. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** A number of three decimals, or a dash for none. */
  static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
