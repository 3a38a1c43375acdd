package dev.tagstream.model.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Whether the probabilities are as high as the labels are often right.
 *
 * @param ece expected calibration error over {@value #BINS} bins of equal width (Guo et al. 2017,
 *     "On Calibration of Modern Neural Networks", section 2): the mean distance between confidence
 *     and accuracy of a bin, weighted by its pictures
 * @param nll mean negative log-likelihood of the right label, in nats
 * @param bins from low confidence to high, the empty ones too
 */
public record Calibration(double ece, double nll, List<Bin> bins) {
  public static final int BINS = 15;

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The pictures whose confidence lies in {@code (low, high]}.
   *
   * @param confidence their mean confidence; 0 where there is none
   * @param accuracy the share that is labelled rightly; 0 where there is none
   */
  public record Bin(double low, double high, int count, double confidence, double accuracy) {}

  /** At the logit scale of the checkpoint. */
  public static Calibration of(Scores scores) {
    return of(scores, picture -> 1);
  }

  /**
   * At a temperature of each picture's own, as {@link TemperatureFit} needs it.
   *
   * @param temperature for the index of a picture
   */
  static Calibration of(Scores scores, IntToDoubleFunction temperature) {
    int[] counts = new int[BINS];
    int[] right = new int[BINS];
    double[] confidences = new double[BINS];
    double loss = 0;
    for (int i = 0; i < scores.pictures(); i++) {
      double divisor = temperature.applyAsDouble(i);
      double confidence = scores.confidence(i, divisor);
      int bin = binOf(confidence);
      counts[bin]++;
      right[bin] += scores.isRight(i) ? 1 : 0;
      confidences[bin] += confidence;
      loss -= scores.logProbability(i, scores.truth(i), divisor);
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      // Of an empty bin both sums are zero.
      int divisor = Math.max(1, counts[bin]);
      bins.add(
          new Bin(
              (double) bin / BINS,
              (double) (bin + 1) / BINS,
              counts[bin],
              confidences[bin] / divisor,
              (double) right[bin] / divisor));
      error += Math.abs(confidences[bin] - right[bin]);
    }
    int pictures = Math.max(1, scores.pictures());
    return new Calibration(error / pictures, loss / pictures, bins);
  }

  private static int binOf(double confidence) {
    int bin = (int) Math.ceil(confidence * BINS) - 1;
    return Math.min(BINS - 1, Math.max(0, bin));
  }
}
