package dev.tagstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Against values computed by hand, and for the golden pictures by NumPy, SciPy and scikit-learn.
 */
class MetricsTest {
  /** Three labels; the first two pictures are labelled rightly, the third's truth comes last. */
  private static final Scores FEW =
      new Scores(
          new float[][] {{0.5f, 0.2f, 0.1f}, {0.1f, 0.4f, 0.3f}, {0.6f, 0.5f, 0.4f}},
          new int[] {0, 1, 2},
          1);

  @Test
  void theGoldenPicturesHaveTheFiguresOfScikitLearnAndNumPy() {
    Scores golden = golden();
    Calibration calibration = Calibration.of(golden);

    assertThat(Summary.of(golden).top1()).isEqualTo(0.425);
    assertThat(calibration.nll()).isCloseTo(1.0935268846382578, within(1e-6));
    assertThat(calibration.ece()).isCloseTo(0.2757735570684848, within(1e-6));
    assertThat(TemperatureFit.of(golden).orElseThrow().temperature())
        .isCloseTo(1.4055224885250457, within(1e-3));
    List<LabelScore> labels = LabelScore.of(golden, 4);
    assertThat(labels.get(0).precision()).isCloseTo(0.30769231, within(1e-8));
    assertThat(labels.get(0).recall()).isEqualTo(0.4);
    assertThat(labels.get(0).f1()).isCloseTo(0.34782609, within(1e-8));
    assertThat(labels.get(3).f1()).isEqualTo(0.5);
  }

  @Test
  void aRightLabelInTheFirstFiveCountsForTop5() {
    float[] falling = {0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f};
    Scores scores = new Scores(new float[][] {falling, falling, falling}, new int[] {0, 4, 5}, 1);

    assertThat(Summary.of(scores).top1()).isEqualTo(1 / 3.0);
    assertThat(Summary.of(scores).top5()).isEqualTo(2 / 3.0);
  }

  @Test
  void ofEqualSimilaritiesTheFirstLabelIsGiven() {
    Scores equal = new Scores(new float[][] {{0.3f, 0.3f}}, new int[] {1}, 1);

    assertThat(equal.predicted(0)).isZero();
    assertThat(equal.rankOfTruth(0)).isEqualTo(1);
  }

  @Test
  void eceIsTheWeightedDistanceOfConfidenceAndAccuracy() {
    // Logits of ln 4 give 0.8 to the first label: one right and one wrong lie 0.3 off.
    float logit = (float) Math.log(4);
    Scores scores = new Scores(new float[][] {{logit, 0}, {logit, 0}}, new int[] {0, 1}, 1);

    assertThat(Calibration.of(scores).ece()).isCloseTo(0.3, within(1e-7));
    assertThat(Calibration.of(scores).bins()).hasSize(15);
    // (0.7333, 0.8] is the twelfth of fifteen bins, (0.8, 0.8667] the thirteenth.
    assertThat(
            Calibration.of(scores).bins().get(11).count()
                + Calibration.of(scores).bins().get(12).count())
        .isEqualTo(2);
  }

  @Test
  void whatIsHeldOutIsMeasuredAtTheOtherHalfsTemperature() {
    // Every second picture is wrong, so one half is always right and the other never.
    Scores scores =
        new Scores(new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}}, new int[] {0, 0, 0, 0}, 1);
    TemperatureFit fit = TemperatureFit.of(scores).orElseThrow();

    assertThat(fit.heldOut().nll())
        .isGreaterThan(Calibration.of(scores, i -> fit.temperature()).nll());
  }

  @Test
  void whenEveryPictureIsRightTheTemperatureIsSaidToBeUndetermined() {
    Scores right = new Scores(new float[][] {{1, 0}, {0, 1}, {1, 0}}, new int[] {0, 1, 0}, 10);

    assertThat(TemperatureFit.of(right).orElseThrow().atLimit()).isTrue();
    assertThat(TemperatureFit.of(golden()).orElseThrow().atLimit()).isFalse();
  }

  @Test
  void onePictureAloneHoldsNothingOut() {
    assertThat(TemperatureFit.of(new Scores(new float[][] {{1, 0}}, new int[] {0}, 1))).isEmpty();
  }

  @Test
  void aLabelThatNobodyGotHasNoPrecision() {
    LabelScore third = LabelScore.of(FEW, 3).get(2);

    assertThat(third.precision()).isNull();
    assertThat(third.recall()).isZero();
    assertThat(LabelScore.of(FEW, 3).get(0).precision()).isEqualTo(0.5);
  }

  @Test
  void confusionsAndMistakesNameTruthAndPrediction() {
    assertThat(Confusion.of(FEW)).containsExactly(new Confusion(2, 0, 1));
    List<Mistake> mistakes = Mistake.worst(FEW, 5);
    double sum = Math.exp(0.6) + Math.exp(0.5) + Math.exp(0.4);
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0).picture()).isEqualTo(2);
    assertThat(mistakes.get(0).probability()).isCloseTo(Math.exp(0.6) / sum, within(1e-6));
    assertThat(mistakes.get(0).truthProbability()).isCloseTo(Math.exp(0.4) / sum, within(1e-6));
  }

  @Test
  void theThresholdOfHighestF1LiesBetweenTheLastAcceptedAndTheFirstRefused() {
    BestThreshold best =
        BestThreshold.of(
                new float[] {0.9f, 0.2f, 0.7f, 0.4f}, new boolean[] {true, false, true, false})
            .orElseThrow();

    assertThat(best.value()).isCloseTo(0.55, within(1e-4));
    assertThat(best.f1()).isEqualTo(1);
  }

  @Test
  void aThresholdNeverPartsEqualValues() {
    // Accepting only one of the two equal ones would be perfect, and cannot be done.
    BestThreshold best =
        BestThreshold.of(new float[] {0.5f, 0.5f, 0.1f}, new boolean[] {true, false, false})
            .orElseThrow();

    assertThat(best.f1()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(best.value()).isCloseTo(0.3, within(1e-4));
    assertThat(BestThreshold.of(new float[] {0.5f}, new boolean[] {false})).isEmpty();
  }

  @Test
  void mcNemarsExactTestIsTheTwoSidedBinomialTest() {
    assertThat(new PairedComparison(0, 3, 11, 0).pValue()).isCloseTo(0.057373046875, within(1e-12));
    assertThat(new PairedComparison(9, 0, 0, 9).pValue()).isEqualTo(1);
    assertThat(new PairedComparison(0, 4, 4, 0).pValue()).isEqualTo(1);
  }

  @Test
  void checkpointsArePairedPictureByPicture() {
    Scores other =
        new Scores(
            new float[][] {{0.1f, 0.2f, 0.1f}, {0.1f, 0.4f, 0.3f}, {0.6f, 0.5f, 0.4f}},
            new int[] {0, 1, 2},
            1);

    assertThat(PairedComparison.of(FEW, other)).isEqualTo(new PairedComparison(1, 1, 0, 1));
  }

  private static Scores golden() {
    float[][] similarities = new float[40][4];
    int[] truth = new int[40];
    for (int i = 0; i < 40; i++) {
      truth[i] = i % 4;
      for (int l = 0; l < 4; l++) {
        similarities[i][l] =
            (float) (((i * 37 + l * 11) % 23) / 100.0 + (l == truth[i] ? 0.08 : 0));
      }
    }
    return new Scores(similarities, truth, 20);
  }
}
