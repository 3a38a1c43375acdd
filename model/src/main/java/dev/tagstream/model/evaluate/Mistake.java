package dev.tagstream.model.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A picture that got the wrong label.
 *
 * @param picture its index
 * @param truth index of the right label
 * @param predicted index of the one that was given
 * @param probability the softmax probability of the one that was given
 * @param truthProbability that of the right one
 */
public record Mistake(
    int picture, int truth, int predicted, double probability, double truthProbability) {

  /** The mistakes that the model is surest of, the worst first. */
  public static List<Mistake> worst(Scores scores, int most) {
    return IntStream.range(0, scores.pictures())
        .filter(picture -> !scores.isRight(picture))
        .mapToObj(picture -> of(scores, picture))
        .sorted(Comparator.comparingDouble(Mistake::probability).reversed())
        .limit(most)
        .toList();
  }

  private static Mistake of(Scores scores, int picture) {
    int truth = scores.truth(picture);
    return new Mistake(
        picture,
        truth,
        scores.predicted(picture),
        scores.confidence(picture, 1),
        Math.exp(scores.logProbability(picture, truth, 1)));
  }
}
