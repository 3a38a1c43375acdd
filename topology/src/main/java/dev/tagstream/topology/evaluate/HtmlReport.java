package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.Mistake;
import dev.tagstream.model.evaluate.PairedComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An evaluation as one HTML file, from the question most asked to the one least asked. */
public final class HtmlReport {
  private static final int MOST_ROWS = 500;
  private static final int MOST_PICTURES = 12;
  private static final String SUMMARY =
      "Top-1: the right label is the most similar one. Top-5: it is among the five most similar. ECE,"
          + " the expected calibration error: how far the probabilities lie from how often the"
          + " labels are right; 0 is best. Temperature: what the logits would be divided by to bring"
          + " that down; measured on pictures that it was not fitted on.";
  private static final String MISTAKES =
      "Pictures are cropped and scaled as the model gets them; the surest mistakes come first.";
  private static final String LABELS =
      "The weakest come first, then labels that no picture has but some were given. Precision: of the"
          + " pictures that were given the label, the share for which it is right. Recall: of those"
          + " for which it is right, the share that were given it. F1: their harmonic mean.";
  private static final String CALIBRATION =
      "Of a well calibrated model, mean probability and share of right labels are equal in each row.";
  private static final String THRESHOLDS =
      "The probability, by the set's own scoring, that maximises each label's F1 on these pictures. A"
          + " label of few pictures has a threshold of little worth. To be pasted into the label"
          + " set.";

  private final HtmlPage page;

  private HtmlReport(HtmlPage page) {
    this.page = page;
  }

  /**
   * Writes the report.
   *
   * @param second the checkpoint to compare with, and {@code pairs} the comparison; both or none
   * @throws IOException if the file cannot be written
   */
  public static void write(
      Path file,
      ModelEvaluation first,
      @Nullable ModelEvaluation second,
      @Nullable PairedComparison pairs)
      throws IOException {
    HtmlReport report = new HtmlReport(new HtmlPage("Evaluation of " + first.checkpoint().name()));
    report.table(EvaluationTables.summary(first), SUMMARY);
    if (second != null && pairs != null) {
      report.comparison(first, second, pairs);
    }
    report.table(EvaluationTables.effects(first), "");
    report.mistakes("The worst mistakes", MISTAKES, first, first.mistakes());
    report.table(EvaluationTables.confusions(first), "");
    report.table(EvaluationTables.labels(first), LABELS);
    report.table(EvaluationTables.calibration(first.calibration()), CALIBRATION);
    report.page.heading("Suggested thresholds");
    report.page.text(THRESHOLDS);
    report.page.preformatted(LabelLines.yaml(first));
    report.table(EvaluationTables.skipped(first), "");
    Files.writeString(file, report.page.html());
  }

  private void comparison(ModelEvaluation first, ModelEvaluation second, PairedComparison pairs) {
    table(
        EvaluationTables.comparison(first, second, pairs),
        EvaluationTables.pairsText(pairs)
            + " The smaller p, the less likely is so uneven a division if both are equally good.");
    table(
        EvaluationTables.labelsCompared(first, second),
        "F1 of each label with pictures for which it differs, the largest differences first.");
    onlyRight("Only the first is right", first, second);
    onlyRight("Only the second is right", second, first);
  }

  private void onlyRight(String title, ModelEvaluation right, ModelEvaluation wrong) {
    List<Mistake> avoided =
        Mistake.worst(wrong.scores(), Integer.MAX_VALUE).stream()
            .filter(mistake -> right.scores().isRight(mistake.picture()))
            .limit(MOST_PICTURES)
            .toList();
    String text = "What %s makes of them.".formatted(wrong.checkpoint().name());
    mistakes(title, text, wrong, avoided);
  }

  /** No page is helped by a table of thousands of rows; {@code --json} has them all. */
  private void table(EvaluationTables.Table table, String explanation) {
    int left = table.rows().size() - MOST_ROWS;
    page.table(table.first(MOST_ROWS), explanation);
    if (left > 0) {
      page.text("%,d more are in the output of --json.".formatted(left));
    }
  }

  private void mistakes(
      String title, String text, ModelEvaluation evaluation, List<Mistake> mistakes) {
    if (mistakes.isEmpty()) {
      return;
    }
    page.heading(title);
    page.text(text);
    page.pictures(mistakes.stream().map(mistake -> figure(evaluation, mistake)).toList());
  }

  private static String figure(ModelEvaluation evaluation, Mistake mistake) {
    LabelledPictures.Picture picture = evaluation.pictures().get(mistake.picture());
    return HtmlPage.figure(
        SeenPicture.data(evaluation, picture.path()),
        List.of(
            judged("taken for", evaluation, mistake.predicted(), mistake.probability()),
            judged("is", evaluation, mistake.truth(), mistake.truthProbability()),
            picture.name()));
  }

  /** The label is isolated, for it may be written from right to left. */
  private static String judged(
      String verb, ModelEvaluation evaluation, int label, double probability) {
    return "%s \u2068%s\u2069 (%s)"
        .formatted(
            verb,
            evaluation.labelName(label),
            EvaluationFacts.percent(probability).replace(' ', '\u00a0'));
  }
}
