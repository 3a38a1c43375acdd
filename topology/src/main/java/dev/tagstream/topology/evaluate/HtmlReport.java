package dev.tagstream.topology.evaluate;

import dev.tagstream.model.evaluate.Calibration;
import dev.tagstream.model.evaluate.Mistake;
import dev.tagstream.model.evaluate.PairedComparison;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.topology.client.PictureFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation as one HTML file that loads nothing from elsewhere and runs no script. File names
 * and labels come from outside: every text is escaped.
 */
public final class HtmlReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <title>Tagstream evaluation</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
      td, th { text-align: left; padding: .15rem .9rem .15rem 0; border-bottom: 1px solid #8884; }
      .pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
      figure { margin: 0; width: 11rem; overflow-wrap: anywhere; font-size: 13px; }
      img { width: 11rem; height: 11rem; object-fit: contain; background: #8882; }
      pre { overflow-x: auto; max-height: 30rem; padding: .8rem; background: #8881; font-size: 13px; }
      </style></head><body>
      <h1>Tagstream evaluation</h1>
      """;

  private final StringBuilder html = new StringBuilder(HEAD);

  private HtmlReport() {}

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
    HtmlReport report = new HtmlReport();
    report.table(EvaluationTables.summary(first));
    if (second != null && pairs != null) {
      report.table(EvaluationTables.comparison(first, second, pairs));
    }
    report.table(EvaluationTables.effects(first));
    report.mistakes(first);
    report.table(EvaluationTables.confusions(first, Integer.MAX_VALUE));
    report.table(EvaluationTables.labels(first));
    report.table(calibration(first.calibration()));
    report.thresholds(first);
    report.table(EvaluationTables.skipped(first));
    Files.writeString(file, report.html.append("</body></html>\n"));
  }

  private static EvaluationTables.Table calibration(Calibration calibration) {
    List<List<String>> rows = new ArrayList<>();
    for (Calibration.Bin bin : calibration.bins()) {
      if (bin.count() > 0) {
        rows.add(
            List.of(
                EvaluationFacts.percent(bin.low()) + " to " + EvaluationFacts.percent(bin.high()),
                String.valueOf(bin.count()),
                EvaluationFacts.percent(bin.confidence()),
                EvaluationFacts.percent(bin.accuracy())));
      }
    }
    return new EvaluationTables.Table(
        "Calibration", List.of("probability", "images", "mean probability", "right"), rows);
  }

  private void table(EvaluationTables.Table table) {
    if (table.rows().isEmpty()) {
      return;
    }
    title(table.title());
    html.append("<table>\n");
    if (!table.header().stream().allMatch(String::isEmpty)) {
      row("th", table.header());
    }
    table.rows().forEach(row -> row("td", row));
    html.append("</table>\n");
  }

  private void row(String element, List<String> cells) {
    html.append("<tr>");
    for (String cell : cells) {
      html.append('<').append(element).append('>').append(escaped(cell));
      html.append("</").append(element).append('>');
    }
    html.append("</tr>\n");
  }

  private void mistakes(ModelEvaluation evaluation) {
    if (evaluation.mistakes().isEmpty()) {
      return;
    }
    title("The worst mistakes, as the model saw them");
    html.append("<div class=\"pictures\">\n");
    for (Mistake mistake : evaluation.mistakes()) {
      LabelledPictures.Picture picture = evaluation.pictures().get(mistake.picture());
      html.append("<figure>").append(image(evaluation, picture.path())).append("<figcaption><b>");
      html.append(escaped(evaluation.labelName(mistake.predicted()))).append("</b> ");
      html.append(EvaluationFacts.percent(mistake.probability())).append("<br>is ");
      html.append(escaped(evaluation.labelName(mistake.truth()))).append(", ");
      html.append(EvaluationFacts.percent(mistake.truthProbability())).append("<br>");
      html.append(escaped(picture.name())).append("</figcaption></figure>\n");
    }
    html.append("</div>\n");
  }

  private static String image(ModelEvaluation evaluation, Path file) {
    try {
      byte[] rgb = evaluation.preprocessor().prepare(PictureFiles.read(file)).pixels();
      int size = evaluation.checkpoint().imageSize();
      return "<img alt=\"\" src=\"data:image/png;base64,"
          + Base64.getEncoder().encodeToString(png(rgb, size))
          + "\">";
    } catch (IOException | ImageRejectedException e) {
      // It could be read a moment ago: somebody is changing the pictures.
      return "<p>" + escaped(String.valueOf(e.getMessage())) + "</p>";
    }
  }

  private static byte[] png(byte[] rgb, int size) throws IOException {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      image.setRGB(i % size, i / size, red << 16 | green << 8 | blue);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private void thresholds(ModelEvaluation evaluation) {
    title("Suggested thresholds");
    html.append("<p>The probability, by the set's own scoring, that maximises each label's F1 on ");
    html.append("these pictures. A label of few pictures has a threshold of little worth. ");
    html.append("To be pasted into the label set.</p>\n<pre>");
    html.append(escaped(LabelLines.yaml(evaluation))).append("</pre>\n");
  }

  private void title(String title) {
    html.append("<h2>").append(escaped(title)).append("</h2>\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
