package dev.tagstream.topology.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.model.evaluate.BestThreshold;
import dev.tagstream.model.label.Label;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The {@code labels} of a label set with the suggested thresholds, to be pasted into its file. */
final class LabelLines {
  /** JSON objects are YAML as well, and quote whatever a name may hold. */
  private static final ObjectMapper JSON = new ObjectMapper();

  private LabelLines() {}

  static String yaml(ModelEvaluation evaluation) {
    StringBuilder yaml = new StringBuilder("labels:\n");
    for (int i = 0; i < evaluation.labels().size(); i++) {
      Label label = evaluation.set().labels().get(i);
      Optional<BestThreshold> best = evaluation.thresholds().get(i);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", label.id());
      fields.put("name", label.name());
      fields.put("prompts", label.prompts());
      if (best.isPresent()) {
        fields.put("threshold", best.get().value());
      } else if (label.threshold() != null) {
        fields.put("threshold", label.threshold());
      }
      yaml.append("  - ").append(line(fields)).append(comment(evaluation, i, best)).append('\n');
    }
    return yaml.toString();
  }

  private static String comment(
      ModelEvaluation evaluation, int label, Optional<BestThreshold> best) {
    return best.map(
            threshold ->
                String.format(
                    Locale.ROOT,
                    "  # F1 %.3f, pictures: %d",
                    threshold.f1(),
                    evaluation.labels().get(label).support()))
        .orElse("");
  }

  private static String line(Map<String, Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
