package dev.tagstream.model.evaluate;

import dev.tagstream.model.label.LabelMatrix;
import java.util.List;

/**
 * The similarities of pictures to labels, with the label that is right for each picture. Immutable;
 * pictures and labels are known by their index.
 */
public final class Scores {
  private final float[][] similarities;
  private final int[] truth;
  private final int[] predicted;
  private final double logitScale;

  /**
   * @param similarities {@code [pictures][labels]}, cosines; kept, not copied
   * @param truth for each picture the index of its label
   * @param logitScale the checkpoint's, already exponentiated
   */
  public Scores(float[][] similarities, int[] truth, double logitScale) {
    if (similarities.length != truth.length) {
      throw new IllegalArgumentException(
          similarities.length + " pictures and " + truth.length + " labels do not go together");
    }
    this.similarities = similarities;
    this.truth = truth.clone();
    this.logitScale = logitScale;
    this.predicted = new int[truth.length];
    for (int i = 0; i < truth.length; i++) {
      predicted[i] = indexOfLargest(similarities[i]);
    }
  }

  /**
   * Scores every picture on every label; thresholds and top-k of the set play no part.
   *
   * @param embeddings one for each picture, of length one, of the checkpoint of the matrix
   */
  public static Scores of(
      LabelMatrix labels, List<float[]> embeddings, int[] truth, double logitScale) {
    float[][] similarities = new float[embeddings.size()][];
    for (int i = 0; i < similarities.length; i++) {
      similarities[i] = toFloats(labels.similarities(embeddings.get(i)));
    }
    return new Scores(similarities, truth, logitScale);
  }

  static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  public int pictures() {
    return truth.length;
  }

  public int truth(int picture) {
    return truth[picture];
  }

  /** The label most similar to the picture; of equal ones the first of the set. */
  public int predicted(int picture) {
    return predicted[picture];
  }

  public boolean isRight(int picture) {
    return predicted[picture] == truth[picture];
  }

  /** How many labels go before the right one: 0 where the picture is labelled rightly. */
  public int rankOfTruth(int picture) {
    float[] row = similarities[picture];
    int right = truth[picture];
    int before = 0;
    for (int label = 0; label < row.length; label++) {
      if (row[label] > row[right] || (row[label] == row[right] && label < right)) {
        before++;
      }
    }
    return before;
  }

  /** The similarities of every picture to one label. */
  public float[] column(int label) {
    float[] column = new float[similarities.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = similarities[i][label];
    }
    return column;
  }

  /** The softmax probability of the label that was predicted. */
  public double confidence(int picture, double temperature) {
    return Math.exp(logProbability(picture, predicted[picture], temperature));
  }

  /**
   * Natural logarithm of the softmax probability over all labels, at the checkpoint's logit scale.
   *
   * @param temperature divides the logits; 1 is the checkpoint as it is
   */
  public double logProbability(int picture, int label, double temperature) {
    float[] row = similarities[picture];
    double factor = logitScale / temperature;
    // Relative to the largest, so that no logit scale overflows exp.
    double max = row[predicted[picture]];
    double sum = 0;
    for (float similarity : row) {
      sum += Math.exp(factor * (similarity - max));
    }
    return factor * (row[label] - max) - Math.log(sum);
  }

  private static int indexOfLargest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
