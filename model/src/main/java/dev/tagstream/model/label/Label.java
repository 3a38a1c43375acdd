package dev.tagstream.model.label;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One label of a set.
 *
 * @param id stable identity for consumers, unique in its set
 * @param name what a person reads
 * @param prompts the words that stand for the label; each is put into every template of the set
 * @param threshold least probability, between 0 and 1, at which the label is given; null: none
 */
public record Label(String id, String name, List<String> prompts, @Nullable Double threshold) {

  public Label {
    prompts = List.copyOf(prompts);
    if (id.isBlank()) {
      throw new InvalidLabelSetException("a label has an empty id; give every label an id");
    }
    if (prompts.isEmpty() || prompts.stream().anyMatch(String::isBlank)) {
      throw new InvalidLabelSetException(
          "label '" + id + "' has no prompts or an empty one; give it at least one word or phrase");
    }
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new InvalidLabelSetException(
          "label '" + id + "' has threshold " + threshold + "; allowed is 0 to 1");
    }
  }

  /** A label whose id, name and only prompt are the same word or phrase. */
  public static Label of(String word) {
    return new Label(word, word, List.of(word), null);
  }
}
