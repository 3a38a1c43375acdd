package dev.tagstream.model.selftest;

import java.util.List;
import java.util.Optional;

/**
 * What somebody else published for a model, a picture and some texts.
 *
 * @param model {@code OWNER/NAME}
 * @param source who published it
 * @param picture its file name
 * @param pictureSha256 of the file, where it is known
 * @param measure what the values are
 * @param values one for each prompt
 * @param tolerance largest difference that passes
 */
public record Figure(
    String model,
    String source,
    String picture,
    Optional<String> pictureSha256,
    List<String> prompts,
    Measure measure,
    List<Double> values,
    double tolerance) {

  public Figure {
    prompts = List.copyOf(prompts);
    values = List.copyOf(values);
    if (prompts.isEmpty() || prompts.size() != values.size() || !(tolerance > 0)) {
      throw new IllegalArgumentException(
          "the figure of %s for %s needs a value for each prompt and a tolerance"
              .formatted(source, picture));
    }
  }

  /** What was published of the similarities. */
  public enum Measure {
    /** Cosine times the logit scale. */
    LOGITS,
    /** The softmax of these. */
    PROBABILITIES
  }

  /** The published measure of these logits. */
  double[] measured(double[] logits) {
    if (measure == Measure.LOGITS) {
      return logits;
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp(logits[i] - most);
      sum += probabilities[i];
    }
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
