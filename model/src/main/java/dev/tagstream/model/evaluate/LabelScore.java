package dev.tagstream.model.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one label fares where each picture gets its most similar label.
 *
 * @param label index in the set
 * @param support pictures that it is right for
 * @param predicted pictures that got it
 * @param right pictures that got it rightly
 */
public record LabelScore(int label, int support, int predicted, int right) {

  /** One for each label, in the set's order. */
  public static List<LabelScore> of(Scores scores, int labels) {
    int[] support = new int[labels];
    int[] predicted = new int[labels];
    int[] right = new int[labels];
    for (int i = 0; i < scores.pictures(); i++) {
      support[scores.truth(i)]++;
      predicted[scores.predicted(i)]++;
      right[scores.truth(i)] += scores.isRight(i) ? 1 : 0;
    }
    List<LabelScore> all = new ArrayList<>();
    for (int label = 0; label < labels; label++) {
      all.add(new LabelScore(label, support[label], predicted[label], right[label]));
    }
    return all;
  }

  /** Share of the pictures that got it for which it is right; null if none got it. */
  public @Nullable Double precision() {
    return ratio(right, predicted);
  }

  /** Share of the pictures it is right for that got it; null if there are none. */
  public @Nullable Double recall() {
    return ratio(right, support);
  }

  /** Harmonic mean of precision and recall; null if the label plays no part at all. */
  public @Nullable Double f1() {
    return ratio(2 * right, support + predicted);
  }

  private static @Nullable Double ratio(int part, int whole) {
    return whole == 0 ? null : (double) part / whole;
  }
}
