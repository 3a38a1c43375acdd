package dev.tagstream.model.selftest;

/** Arithmetic on embeddings. */
final class Vectors {

  private Vectors() {}

  static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  static double dot(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    return dot;
  }

  /** The least cosine of any row with that of the other in its place; NaN if one is no number. */
  static double leastCosine(float[][] a, float[][] b) {
    double least = 1;
    for (int row = 0; row < a.length; row++) {
      least = Math.min(least, cosine(a[row], b[row]));
    }
    return least;
  }

  /** The largest difference of a row's length from one; NaN if a number is none. */
  static double worstLength(float[][] rows) {
    double worst = 0;
    for (float[] row : rows) {
      worst = Math.max(worst, Math.abs(Math.sqrt(dot(row, row)) - 1));
    }
    return worst;
  }
}
