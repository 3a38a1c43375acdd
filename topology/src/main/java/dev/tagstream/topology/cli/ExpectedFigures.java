package dev.tagstream.topology.cli;

import dev.tagstream.model.selftest.Figure;
import dev.tagstream.model.selftest.Figures;
import dev.tagstream.topology.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What somebody else found for a checkpoint.
 *
 * @param figures to compare
 * @param none why there are none, and what to do; meant to be shown only where there are none
 */
record ExpectedFigures(List<Figure> figures, String none) {
  private static final String OWN =
      "; --figures FILE compares figures that another implementation gave";

  /** Those published for a pulled model; a folder of somebody's own could be any model. */
  static ExpectedFigures of(Path checkpoint) {
    Optional<String> source = Models.pulled(checkpoint).map(pulled -> pulled.lock().source());
    return source
        .map(model -> new ExpectedFigures(published(model), "none are known for " + model + OWN))
        .orElseGet(
            () ->
                new ExpectedFigures(
                    List.of(),
                    "a folder that was not pulled has no name they could be published under; --as"
                        + " OWNER/NAME says which model it is"
                        + OWN));
  }

  /** Those published for a model, which there must be. */
  static ExpectedFigures named(String model) {
    List<Figure> figures = published(model);
    if (figures.isEmpty()) {
      throw CliFailure.wrongUse(
          "No published figures are known for %s; they are for %s."
              .formatted(
                  model,
                  Figures.published().stream()
                      .map(Figure::model)
                      .distinct()
                      .collect(Collectors.joining(", "))));
    }
    return new ExpectedFigures(figures, "");
  }

  /** Those of a file. */
  static ExpectedFigures read(Path file) throws IOException {
    try {
      return new ExpectedFigures(Figures.read(file), "");
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private static List<Figure> published(String model) {
    return Figures.published().stream().filter(figure -> figure.model().equals(model)).toList();
  }
}
