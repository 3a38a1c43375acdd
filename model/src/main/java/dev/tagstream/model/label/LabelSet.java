package dev.tagstream.model.label;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A named, versioned list of labels and how they are asked for.
 *
 * @param name what events name it by: letters, digits, {@code . _ -}, at most 100
 * @param version opaque; stands on every result made with the set
 * @param labels at most {@value #MAX_LABELS}, with unique ids; may be empty, which gives results
 *     without labels
 * @param templates texts with one {@code {}} that each prompt is put in; empty: prompts as they are
 * @param scoring how similarities become probabilities
 * @param topK most labels on a result, at least 1
 */
public record LabelSet(
    String name,
    String version,
    List<Label> labels,
    List<String> templates,
    Scoring scoring,
    int topK) {

  /** Most labels in a set: 10,000 rows of 1,024 floats are 40 MB. */
  public static final int MAX_LABELS = 10_000;

  /** Most texts, prompts times templates, that a set may ask to embed. */
  public static final int MAX_TEXTS = 200_000;

  /** Where a template takes the prompt. */
  public static final String SLOT = "{}";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  public LabelSet {
    labels = List.copyOf(labels);
    templates = List.copyOf(templates);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidLabelSetException(
          "label set name '%s' is not allowed; use 1 to 100 letters, digits, '.', '_' or '-'"
              .formatted(name));
    }
    if (version.isBlank()) {
      throw new InvalidLabelSetException(of(name) + " has an empty version");
    }
    if (topK < 1) {
      throw new InvalidLabelSetException(of(name) + " has topK " + topK + "; it must be 1 or more");
    }
    checkTemplates(name, templates);
    checkSize(name, labels, templates);
    checkUniqueIds(name, labels);
  }

  /** The texts whose embeddings stand for a label: every prompt in every template. */
  public List<String> texts(Label label) {
    return fill(label.prompts());
  }

  /** The texts that stand for no label in particular, for {@link Scoring#INDEPENDENT}. */
  List<String> neutralTexts() {
    return fill(List.of("something"));
  }

  private List<String> fill(List<String> prompts) {
    if (templates.isEmpty()) {
      return prompts;
    }
    return templates.stream()
        .flatMap(template -> prompts.stream().map(prompt -> template.replace(SLOT, prompt)))
        .distinct()
        .toList();
  }

  private static void checkTemplates(String name, List<String> templates) {
    for (String template : templates) {
      if (!template.contains(SLOT)) {
        throw new InvalidLabelSetException(
            of(name) + " has the template '" + template + "' with no {} for the prompt");
      }
    }
  }

  private static void checkSize(String name, List<Label> labels, List<String> templates) {
    if (labels.size() > MAX_LABELS) {
      throw new InvalidLabelSetException(
          of(name) + " has " + labels.size() + " labels; allowed are " + MAX_LABELS);
    }
    long prompts = labels.stream().mapToLong(label -> label.prompts().size()).sum();
    long texts = prompts * Math.max(1, templates.size());
    if (texts > MAX_TEXTS) {
      throw new InvalidLabelSetException(
          of(name) + " makes " + texts + " texts of prompts and templates; allowed " + MAX_TEXTS);
    }
  }

  private static void checkUniqueIds(String name, List<Label> labels) {
    Set<String> seen = new HashSet<>();
    for (Label label : labels) {
      if (!seen.add(label.id())) {
        throw new InvalidLabelSetException(
            of(name) + " has the label id '" + label.id() + "' twice; ids must be unique");
      }
    }
  }

  private static String of(String name) {
    return "label set '" + name + "'";
  }
}
