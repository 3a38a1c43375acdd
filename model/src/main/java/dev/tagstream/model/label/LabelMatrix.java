package dev.tagstream.model.label;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A label set compiled for one checkpoint: a row of unit length for each label. Immutable, so any
 * number of threads may score with it.
 */
public final class LabelMatrix {
  private final LabelSet labelSet;
  private final float[][] rows;
  private final float[] neutral;
  private final float logitScale;

  /**
   * @param rows one unit vector a label, in the set's order
   * @param neutral unit vector of the set's neutral texts; empty where scoring needs none
   * @param logitScale the checkpoint's, already exponentiated (100 for OpenAI's)
   */
  LabelMatrix(LabelSet labelSet, float[][] rows, float[] neutral, float logitScale) {
    this.labelSet = labelSet;
    this.rows = rows;
    this.neutral = neutral;
    this.logitScale = logitScale;
  }

  public LabelSet labelSet() {
    return labelSet;
  }

  /**
   * The labels that pass their thresholds, by falling probability, at most the set's top-k. Labels
   * of equal probability keep the set's order.
   *
   * @param embedding L2-normalised image embedding of the same checkpoint
   */
  public List<ScoredLabel> score(float[] embedding) {
    double[] similarities = similarities(embedding);
    double[] probabilities = probabilities(embedding, similarities);
    return IntStream.range(0, rows.length)
        .filter(i -> passes(labelSet.labels().get(i), probabilities[i]))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
        .limit(labelSet.topK())
        .map(i -> scored(labelSet.labels().get(i), similarities[i], probabilities[i]))
        .toList();
  }

  /**
   * The cosine of every label, in the set's order.
   *
   * @param embedding L2-normalised image embedding of the same checkpoint
   */
  public double[] similarities(float[] embedding) {
    double[] similarities = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      similarities[i] = dot(rows[i], embedding);
    }
    return similarities;
  }

  /**
   * The probability of every label by the set's {@link Scoring}, in the set's order.
   *
   * @param embedding L2-normalised image embedding of the same checkpoint
   */
  public double[] probabilities(float[] embedding) {
    return probabilities(embedding, similarities(embedding));
  }

  private double[] probabilities(float[] embedding, double[] similarities) {
    return switch (labelSet.scoring()) {
      case SOFTMAX -> softmax(similarities);
      case INDEPENDENT -> eachAgainst(dot(neutral, embedding), similarities);
    };
  }

  private static boolean passes(Label label, double probability) {
    Double threshold = label.threshold();
    return threshold == null || probability >= threshold;
  }

  private static ScoredLabel scored(Label label, double similarity, double probability) {
    return new ScoredLabel(label.id(), label.name(), (float) similarity, (float) probability);
  }

  private double[] softmax(double[] similarities) {
    double max = Double.NEGATIVE_INFINITY;
    for (double similarity : similarities) {
      max = Math.max(max, similarity);
    }
    double[] weights = new double[similarities.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      // Relative to the largest, so that no logit scale overflows exp.
      weights[i] = Math.exp(logitScale * (similarities[i] - max));
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private double[] eachAgainst(double neutralSimilarity, double[] similarities) {
    double[] probabilities = new double[similarities.length];
    for (int i = 0; i < probabilities.length; i++) {
      double margin = logitScale * (similarities[i] - neutralSimilarity);
      probabilities[i] = 1 / (1 + Math.exp(-margin));
    }
    return probabilities;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
