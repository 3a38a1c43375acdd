package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a model's card says that its user has to know: plain text of bounded length, as its authors
 * wrote it. The card is found by its usual headings, so that a card written otherwise may say more
 * than this shows.
 *
 * @param licence its name, as in the card's front matter
 * @param trainingData what the model was trained on
 * @param intendedUse what it was made for
 * @param outOfScopeUse what it must not be used for
 */
public record ModelCard(
    Optional<String> licence,
    Optional<String> trainingData,
    Optional<String> intendedUse,
    Optional<String> outOfScopeUse) {
  /** The card's file. */
  static final String FILE = "README.md";

  /** No card. */
  public static final ModelCard NONE =
      new ModelCard(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int MAX_BYTES = 256 << 10;

  /** Reads the card of a checkpoint folder; {@link #NONE} if there is none or it is unreadable. */
  public static ModelCard read(Path folder) {
    try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
      return parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return NONE;
    }
  }

  /** Reads a card's text. */
  public static ModelCard parse(String markdown) {
    FrontMatter matter = FrontMatter.of(markdown);
    CardSections sections = CardSections.of(matter.rest());
    return new ModelCard(
        matter.licence(),
        sections
            .first("training data", "training dataset", "training datasets", "data", "datasets")
            .or(matter::datasets),
        sections.first(
            "primary intended uses",
            "intended use",
            "intended uses",
            "direct use",
            "intended uses limitations",
            "uses",
            "model use",
            "what it is for and what not"),
        sections.first(
            "out of scope use cases", "out of scope use", "out of scope uses", "out of scope"));
  }

  /** The facts there are, in an order for reading. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    licence.ifPresent(text -> facts.put("licence", text));
    trainingData.ifPresent(text -> facts.put("trainingData", text));
    intendedUse.ifPresent(text -> facts.put("intendedUse", text));
    outOfScopeUse.ifPresent(text -> facts.put("outOfScopeUse", text));
    return facts;
  }
}
