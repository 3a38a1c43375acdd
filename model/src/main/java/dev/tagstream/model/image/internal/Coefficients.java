package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ResampleFilter;

/**
 * For each output position of one axis: where its window of input positions starts, how long it is,
 * and the weights, as integers scaled by 2^22.
 *
 * <p>The rule is Pillow's ({@code precompute_coeffs} and {@code normalize_coeffs_8bpc} in
 * libImaging/Resample.c): the filter's support grows with the reduction, weights are normalised to
 * sum to one in double precision and only then rounded, half away from zero.
 */
final class Coefficients {

  /** Bits of fraction: 32 less 8 for the sample and 2 of headroom for overshoot. */
  static final int PRECISION = 22;

  final int[] start;
  final int[] length;
  final int[][] weights;

  private Coefficients(int count) {
    start = new int[count];
    length = new int[count];
    weights = new int[count][];
  }

  /**
   * Windows and weights for part of an axis.
   *
   * @param inSize positions of the input axis
   * @param outSize positions of the whole output axis
   * @param from first output position wanted
   * @param to one past the last output position wanted
   */
  static Coefficients compute(ResampleFilter filter, int inSize, int outSize, int from, int to) {
    double scale = (double) inSize / outSize;
    double filterScale = Math.max(scale, 1.0);
    double support = Kernel.support(filter) * filterScale;
    double inverse = 1.0 / filterScale;
    Coefficients result = new Coefficients(to - from);
    for (int i = 0; i < to - from; i++) {
      double centre = (from + i + 0.5) * scale;
      int first = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), inSize);
      double[] exact = new double[end - first];
      double sum = 0;
      for (int j = 0; j < exact.length; j++) {
        exact[j] = Kernel.at(filter, (j + first - centre + 0.5) * inverse);
        sum += exact[j];
      }
      result.start[i] = first;
      result.length[i] = exact.length;
      result.weights[i] = rounded(exact, sum);
    }
    return result;
  }

  private static int[] rounded(double[] exact, double sum) {
    int[] weights = new int[exact.length];
    for (int j = 0; j < exact.length; j++) {
      double scaled = (sum != 0 ? exact[j] / sum : exact[j]) * (1 << PRECISION);
      weights[j] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return weights;
  }

  int count() {
    return start.length;
  }

  /** First input position that any window touches. */
  int inputFrom() {
    return start[0];
  }

  /** One past the last input position that any window touches. Windows move right only. */
  int inputTo() {
    int last = count() - 1;
    return start[last] + length[last];
  }
}
