package dev.tagstream.model.evaluate;

/**
 * The few numbers by which checkpoints and templates are compared.
 *
 * @param pictures how many were scored
 * @param top1 share whose most similar label is the right one
 * @param top5 share whose right label is among the five most similar
 * @param ece see {@link Calibration}
 */
public record Summary(int pictures, double top1, double top5, double ece) {
  private static final int FEW = 5;

  public static Summary of(Scores scores) {
    int first = 0;
    int amongFew = 0;
    for (int i = 0; i < scores.pictures(); i++) {
      int rank = scores.rankOfTruth(i);
      first += rank == 0 ? 1 : 0;
      amongFew += rank < FEW ? 1 : 0;
    }
    double all = Math.max(1, scores.pictures());
    return new Summary(
        scores.pictures(), first / all, amongFew / all, Calibration.of(scores).ece());
  }
}
