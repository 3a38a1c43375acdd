package dev.tagstream.model.evaluate;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The least value at which a label should be given, if each label is decided on its own.
 *
 * @param value lies between two values that occur, so that the decision is not on an edge; at most
 *     four decimals where that is enough to tell them apart
 * @param f1 what it reaches on the pictures it was chosen on, which is more than to expect of
 *     others
 */
public record BestThreshold(double value, double f1) {
  private static final double FOUR_DECIMALS = 1e4;

  /**
   * Chooses the threshold of the highest F1; of equal ones the highest threshold.
   *
   * @param values of each picture for the label: probabilities or similarities
   * @param positive whether the label is right for the picture
   * @return empty if it is right for none
   */
  public static Optional<BestThreshold> of(float[] values, boolean[] positive) {
    int[] falling =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int support = (int) IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    int right = 0;
    int best = -1;
    double bestF1 = 0;
    for (int taken = 0; taken < falling.length; taken++) {
      right += positive[falling[taken]] ? 1 : 0;
      boolean isLastOfEqual =
          taken == falling.length - 1 || values[falling[taken]] > values[falling[taken + 1]];
      double f1 = 2.0 * right / (taken + 1 + support);
      if (isLastOfEqual && f1 > bestF1) {
        bestF1 = f1;
        best = taken;
      }
    }
    if (best < 0) {
      return Optional.empty();
    }
    double accepted = values[falling[best]];
    double refused = best == falling.length - 1 ? accepted : values[falling[best + 1]];
    return Optional.of(new BestThreshold(between(refused, accepted), bestF1));
  }

  private static double between(double refused, double accepted) {
    double middle = (refused + accepted) / 2;
    double rounded = Math.round(middle * FOUR_DECIMALS) / FOUR_DECIMALS;
    return rounded > refused && rounded <= accepted ? rounded : middle;
  }
}
