package dev.tagstream.model.selftest;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What somebody else published for a model, a picture and some texts.
 *
 * @param model {@code OWNER/NAME}
 * @param source who published it
 * @param measure what the values are
 * @param values one for each prompt
 * @param tolerance largest difference that passes
 * @param secondHand whether the source is neither the model's makers nor a library that repeats its
 *     figures all the time: a difference then makes the model doubtful and does not fail it
 */
public record Figure(
    String model,
    String source,
    Picture picture,
    List<String> prompts,
    Measure measure,
    List<Double> values,
    double tolerance,
    boolean secondHand) {

  /**
   * The picture that a figure is of.
   *
   * @param name of its file
   * @param sha256 of the file, where it is known
   * @param address where it can be had; only with its SHA-256
   */
  public record Picture(String name, Optional<String> sha256, Optional<URI> address) {
    public Picture {
      if (name.isEmpty() || name.startsWith(".") || name.matches(".*[/\\\\:].*")) {
        throw new IllegalArgumentException("\"" + name + "\" is no name of a picture's file");
      }
      if (address.isPresent() && sha256.isEmpty()) {
        throw new IllegalArgumentException(name + " has a pictureUrl and lacks its pictureSha256");
      }
    }
  }

  public Figure {
    prompts = List.copyOf(prompts);
    values = List.copyOf(values);
    if (prompts.isEmpty() || prompts.size() != values.size() || !(tolerance > 0)) {
      throw new IllegalArgumentException(
          "the figure of %s for %s needs a value for each prompt and a tolerance"
              .formatted(source, picture.name()));
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
