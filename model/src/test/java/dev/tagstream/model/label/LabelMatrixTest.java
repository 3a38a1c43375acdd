package dev.tagstream.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelMatrixTest {
  private static final float S = (float) Math.sqrt(0.5);
  private static final Map<String, float[]> TEXTS =
      Map.of(
          "a dog", new float[] {1, 0},
          "a cat", new float[] {0, 1},
          "a kitten", new float[] {S, S},
          "a something", new float[] {S, S});

  private final List<String> asked = new ArrayList<>();
  private final LabelCompiler compiler = new LabelCompiler(this::embed, 2f, 100);

  private float[][] embed(List<String> texts) {
    asked.addAll(texts);
    return texts.stream().map(TEXTS::get).toArray(float[][]::new);
  }

  private static LabelSet set(Scoring scoring, int topK, Label... labels) {
    return new LabelSet("pets", "1", List.of(labels), List.of("a {}"), scoring, topK);
  }

  @Test
  void softmaxAtTheLogitScaleGivesProbabilitiesThatSumToOne() {
    LabelMatrix matrix =
        compiler.compile(set(Scoring.SOFTMAX, 5, Label.of("dog"), Label.of("cat")));

    List<ScoredLabel> labels = matrix.score(new float[] {0.6f, 0.8f});

    assertThat(labels).extracting(ScoredLabel::id).containsExactly("cat", "dog");
    double cat = 1 / (1 + Math.exp(2 * (0.6 - 0.8)));
    assertThat(labels.get(0).probability()).isCloseTo((float) cat, within(1e-6f));
    assertThat(labels.get(0).similarity()).isCloseTo(0.8f, within(1e-6f));
    assertThat(labels.get(0).probability() + labels.get(1).probability())
        .isCloseTo(1f, within(1e-6f));
  }

  @Test
  void aLabelOfSeveralPromptsStandsForTheNormalisedMeanOfTheirEmbeddings() {
    Label cat = new Label("cat", "Cat", List.of("cat", "kitten"), null);
    LabelMatrix matrix = compiler.compile(set(Scoring.SOFTMAX, 5, cat));

    double norm = Math.hypot(S, 1 + S);
    assertThat(matrix.score(new float[] {0, 1}).get(0).similarity())
        .isCloseTo((float) ((1 + S) / norm), within(1e-6f));
  }

  @Test
  void independentScoringWeighsEachLabelAgainstTheNeutralText() {
    LabelMatrix matrix =
        compiler.compile(set(Scoring.INDEPENDENT, 5, Label.of("dog"), Label.of("cat")));

    List<ScoredLabel> labels = matrix.score(new float[] {1, 0});

    assertThat(labels.get(0).id()).isEqualTo("dog");
    assertThat(labels.get(0).probability()).isGreaterThan(0.5f);
    assertThat(labels.get(1).probability()).isLessThan(0.5f);
  }

  @Test
  void aLabelBelowItsThresholdIsLeftOut() {
    Label dog = new Label("dog", "dog", List.of("dog"), 0.9);
    LabelMatrix matrix = compiler.compile(set(Scoring.SOFTMAX, 5, dog, Label.of("cat")));

    assertThat(matrix.score(new float[] {0, 1})).extracting(ScoredLabel::id).containsExactly("cat");
  }

  @Test
  void noMoreThanTopKLabelsAreGiven() {
    LabelMatrix matrix =
        compiler.compile(set(Scoring.SOFTMAX, 1, Label.of("dog"), Label.of("cat")));

    assertThat(matrix.score(new float[] {1, 0})).extracting(ScoredLabel::id).containsExactly("dog");
  }

  @Test
  void aSetWithoutLabelsGivesResultsWithoutLabels() {
    assertThat(compiler.compile(set(Scoring.SOFTMAX, 1)).score(new float[] {1, 0})).isEmpty();
  }

  @Test
  void aHugeLogitScaleStillGivesProbabilities() {
    LabelMatrix matrix =
        new LabelCompiler(this::embed, 1e6f, 10)
            .compile(set(Scoring.SOFTMAX, 5, Label.of("dog"), Label.of("cat")));

    assertThat(matrix.score(new float[] {1, 0}))
        .extracting(ScoredLabel::probability)
        .containsExactly(1f, 0f);
  }

  @Test
  void aChangedSetEmbedsOnlyItsNewTexts() {
    compiler.compile(set(Scoring.SOFTMAX, 5, Label.of("dog")));
    asked.clear();

    compiler.compile(set(Scoring.SOFTMAX, 5, Label.of("dog"), Label.of("cat")));

    assertThat(asked).containsExactly("a cat");
  }
}
