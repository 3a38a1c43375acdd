package dev.tagstream.topology.cli;

import dev.tagstream.model.evaluate.PromptTemplates;
import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.topology.evaluate.LabelledPictures;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code evaluate} is told to read; whatever cannot be used is wrong use. */
final class EvaluateInput {
  /** The label set's own templates, under a name. */
  static final String OWN = "own";

  private EvaluateInput() {}

  static PromptTemplates own(LabelSet set) {
    return new PromptTemplates(OWN, set.templates());
  }

  static LabelSet labelSet(Path labels) {
    if (!Files.isRegularFile(labels)) {
      throw CliFailure.wrongUse(labels + " is no file; --labels takes a label set in YAML.");
    }
    try {
      LabelSet set = LabelSetYaml.read(labels);
      if (set.labels().isEmpty()) {
        throw CliFailure.wrongUse(labels + " has no labels to choose from.");
      }
      return set;
    } catch (InvalidLabelSetException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  static PromptTemplates templates(String templates, LabelSet set) throws IOException {
    if (templates.equals(OWN)) {
      return own(set);
    }
    for (PromptTemplates named : PromptTemplates.named()) {
      if (named.name().equals(templates)) {
        return named;
      }
    }
    Path file = Path.of(templates);
    if (!Files.isRegularFile(file)) {
      throw CliFailure.wrongUse(
          "--templates is own, none, clip-7, clip-80 or a file; there is no file " + file + ".");
    }
    try {
      return PromptTemplates.read(file);
    } catch (CharacterCodingException e) {
      throw CliFailure.wrongUse(file + " is not written in UTF-8; save it in UTF-8.");
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  static LabelledPictures truth(Path images, LabelSet set) throws IOException {
    if (!Files.exists(images)) {
      throw CliFailure.wrongUse(images + " does not exist; --images takes a folder or a CSV file.");
    }
    try {
      return LabelledPictures.read(images, set);
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  /**
   * An evaluation takes minutes: that its report has no place to go is said before it. A report of
   * before is replaced; what is read is not.
   *
   * @param read files that the evaluation reads
   */
  static void requirePlaceFor(@Nullable Path report, List<Path> read) throws IOException {
    if (report == null) {
      return;
    }
    Path folder = report.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(report)) {
      throw CliFailure.wrongUse(
          "--report takes a file to write in a folder that there is; %s is none."
              .formatted(report));
    }
    for (Path file : read) {
      if (Files.exists(report) && Files.exists(file) && Files.isSameFile(report, file)) {
        throw CliFailure.wrongUse(
            "--report would overwrite %s, which is read; name another file.".formatted(file));
      }
    }
  }
}
