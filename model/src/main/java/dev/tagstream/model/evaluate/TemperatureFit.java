package dev.tagstream.model.evaluate;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The temperature that makes the probabilities fit (Guo et al. 2017, section 4.2): the number that
 * divides the logits so that the negative log-likelihood of the right labels is least. It changes
 * no order of labels.
 *
 * @param temperature fitted on all pictures, which is the one to use
 * @param atLimit whether it is the end of the range that is searched ({@value #LOWEST} to {@value
 *     #HIGHEST}): the pictures do not determine it, as when every one is labelled rightly
 * @param heldOut the calibration to expect of it: each half of the pictures at the temperature that
 *     was fitted on the other half
 */
public record TemperatureFit(double temperature, boolean atLimit, Calibration heldOut) {
  static final double LOWEST = 0.01;
  static final double HIGHEST = 100;

  /** Relative precision of the temperature. */
  private static final double PRECISION = 1e-4;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /**
   * Fits. The halves are every second picture, in order of label and then of index: the same
   * pictures always fall into the same halves.
   *
   * @return empty if there are fewer than two pictures, so that nothing could be held out
   */
  public static Optional<TemperatureFit> of(Scores scores) {
    int pictures = scores.pictures();
    if (pictures < 2) {
      return Optional.empty();
    }
    int[] order =
        IntStream.range(0, pictures)
            .boxed()
            .sorted(Comparator.comparingInt(scores::truth))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean[] second = new boolean[pictures];
    for (int i = 1; i < pictures; i += 2) {
      second[order[i]] = true;
    }
    double fromFirst = fit(scores, IntStream.range(0, pictures).filter(i -> !second[i]).toArray());
    double fromSecond = fit(scores, IntStream.range(0, pictures).filter(i -> second[i]).toArray());
    double fromAll = fit(scores, order);
    return Optional.of(
        new TemperatureFit(
            fromAll,
            isAtLimit(fromAll),
            Calibration.of(scores, i -> second[i] ? fromFirst : fromSecond)));
  }

  /**
   * Golden-section search on the logarithm of the temperature. The loss is convex in the inverse
   * temperature, so it has one minimum in any monotone function of it.
   */
  private static double fit(Scores scores, int[] pictures) {
    double low = Math.log(LOWEST);
    double high = Math.log(HIGHEST);
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double lossLeft = loss(scores, pictures, Math.exp(left));
    double lossRight = loss(scores, pictures, Math.exp(right));
    while (high - low > PRECISION) {
      if (lossLeft <= lossRight) {
        high = right;
        right = left;
        lossRight = lossLeft;
        left = high - GOLDEN * (high - low);
        lossLeft = loss(scores, pictures, Math.exp(left));
      } else {
        low = left;
        left = right;
        lossLeft = lossRight;
        right = low + GOLDEN * (high - low);
        lossRight = loss(scores, pictures, Math.exp(right));
      }
    }
    return Math.exp((low + high) / 2);
  }

  private static double loss(Scores scores, int[] pictures, double temperature) {
    double loss = 0;
    for (int picture : pictures) {
      loss -= scores.logProbability(picture, scores.truth(picture), temperature);
    }
    return loss;
  }

  private static boolean isAtLimit(double temperature) {
    return temperature < LOWEST * (1 + 2 * PRECISION)
        || temperature > HIGHEST * (1 - 2 * PRECISION);
  }
}
