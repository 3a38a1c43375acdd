package dev.tagstream.model.evaluate;

/**
 * Two checkpoints on the same pictures.
 *
 * @param both pictures that both label rightly
 * @param onlyFirst pictures that only the first labels rightly
 * @param onlySecond pictures that only the second labels rightly
 * @param neither pictures that both label wrongly
 */
public record PairedComparison(int both, int onlyFirst, int onlySecond, int neither) {

  /**
   * Pairs two scorings.
   *
   * @param first of one checkpoint
   * @param second of the other, over the same pictures in the same order
   */
  public static PairedComparison of(Scores first, Scores second) {
    if (first.pictures() != second.pictures()) {
      throw new IllegalArgumentException(
          first.pictures() + " and " + second.pictures() + " pictures cannot be paired");
    }
    int[] counts = new int[4];
    for (int i = 0; i < first.pictures(); i++) {
      counts[(first.isRight(i) ? 2 : 0) + (second.isRight(i) ? 1 : 0)]++;
    }
    return new PairedComparison(counts[3], counts[2], counts[1], counts[0]);
  }

  /**
   * McNemar's exact test, two-sided (McNemar 1947, with the binomial distribution in place of its
   * approximation): how likely pictures on which just one checkpoint is right would be divided as
   * unevenly as this or more so, if both were equally good. 1 if there is no such picture.
   */
  public double pValue() {
    int n = onlyFirst + onlySecond;
    int smaller = Math.min(onlyFirst, onlySecond);
    double logTerm = -n * Math.log(2);
    double tail = Math.exp(logTerm);
    for (int k = 1; k <= smaller; k++) {
      logTerm += Math.log(n - k + 1.0) - Math.log(k);
      tail += Math.exp(logTerm);
    }
    return Math.min(1, 2 * tail);
  }
}
