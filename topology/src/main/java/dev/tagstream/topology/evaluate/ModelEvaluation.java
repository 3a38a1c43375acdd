package dev.tagstream.topology.evaluate;

import dev.tagstream.model.Checkpoint;
import dev.tagstream.model.evaluate.BestThreshold;
import dev.tagstream.model.evaluate.Calibration;
import dev.tagstream.model.evaluate.Confusion;
import dev.tagstream.model.evaluate.LabelScore;
import dev.tagstream.model.evaluate.Mistake;
import dev.tagstream.model.evaluate.PromptTemplates;
import dev.tagstream.model.evaluate.Scores;
import dev.tagstream.model.evaluate.Summary;
import dev.tagstream.model.evaluate.TemperatureFit;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.model.label.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one checkpoint makes of the pictures.
 *
 * @param templates what the prompts were put into
 * @param pictures those evaluated; the indices of {@code scores} and {@code mistakes} point here
 * @param thresholds for each label of the set, by the set's own scoring
 * @param effects the same pictures with other templates
 */
public record ModelEvaluation(
    Checkpoint checkpoint,
    ImagePreprocessor preprocessor,
    LabelSet set,
    PromptTemplates templates,
    List<LabelledPictures.Picture> pictures,
    List<LabelledPictures.Skipped> skipped,
    Scores scores,
    Summary summary,
    Calibration calibration,
    Optional<TemperatureFit> fit,
    List<LabelScore> labels,
    List<Optional<BestThreshold>> thresholds,
    List<Confusion> confusions,
    List<Mistake> mistakes,
    List<Effect> effects) {
  private static final int WORST = 12;

  /** How the pictures are labelled with other templates. */
  public record Effect(String templates, int count, Summary summary) {}

  /** What was embedded, before it is scored. */
  public record Embedded(
      List<LabelledPictures.Picture> pictures,
      List<LabelledPictures.Skipped> skipped,
      List<float[]> embeddings) {

    /** Parts the pictures with an embedding from the others. */
    public static Embedded of(LabelledPictures truth, List<PictureEmbedder.Outcome> outcomes) {
      List<LabelledPictures.Picture> pictures = new ArrayList<>();
      List<LabelledPictures.Skipped> skipped = new ArrayList<>(truth.skipped());
      List<float[]> embeddings = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        LabelledPictures.Picture picture = truth.pictures().get(i);
        if (outcomes.get(i) instanceof PictureEmbedder.Outcome.Embedded embedded) {
          pictures.add(picture);
          embeddings.add(embedded.embedding());
        } else if (outcomes.get(i) instanceof PictureEmbedder.Outcome.Unreadable unreadable) {
          skipped.add(new LabelledPictures.Skipped(picture.name(), unreadable.reason()));
        }
      }
      return new Embedded(pictures, skipped, embeddings);
    }

    /** Scores them with a compiled label set. */
    public Scores scores(LabelMatrix matrix, double logitScale) {
      int[] truth = pictures.stream().mapToInt(LabelledPictures.Picture::label).toArray();
      return Scores.of(matrix, embeddings, truth, logitScale);
    }
  }

  /**
   * Evaluates.
   *
   * @param matrix the label set with the templates, compiled for the checkpoint
   */
  public static ModelEvaluation of(
      Checkpoint checkpoint,
      ImagePreprocessor preprocessor,
      LabelMatrix matrix,
      PromptTemplates templates,
      Embedded embedded,
      List<Effect> effects) {
    Scores scores = embedded.scores(matrix, checkpoint.logitScale());
    return new ModelEvaluation(
        checkpoint,
        preprocessor,
        matrix.labelSet(),
        templates,
        embedded.pictures(),
        embedded.skipped(),
        scores,
        Summary.of(scores),
        Calibration.of(scores),
        TemperatureFit.of(scores),
        LabelScore.of(scores, matrix.labelSet().labels().size()),
        thresholds(matrix, embedded),
        Confusion.of(scores),
        Mistake.worst(scores, WORST),
        effects);
  }

  private static List<Optional<BestThreshold>> thresholds(LabelMatrix matrix, Embedded embedded) {
    int labels = matrix.labelSet().labels().size();
    int pictures = embedded.pictures().size();
    float[][] probabilities = new float[labels][pictures];
    boolean[][] right = new boolean[labels][pictures];
    for (int i = 0; i < pictures; i++) {
      double[] row = matrix.probabilities(embedded.embeddings().get(i));
      for (int label = 0; label < labels; label++) {
        probabilities[label][i] = (float) row[label];
      }
      right[embedded.pictures().get(i).label()][i] = true;
    }
    List<Optional<BestThreshold>> thresholds = new ArrayList<>();
    for (int label = 0; label < labels; label++) {
      thresholds.add(BestThreshold.of(probabilities[label], right[label]));
    }
    return thresholds;
  }

  /** What a person reads for the label of an index. */
  public String labelName(int label) {
    return set.labels().get(label).name();
  }
}
