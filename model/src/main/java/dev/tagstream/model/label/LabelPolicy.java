package dev.tagstream.model.label;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which kinds of label are warned of or refused. It compares words and patterns with what a label
 * set says and understands nothing: it is a reminder of what a model is not for, and no guard
 * against somebody who means to get round it.
 */
public record LabelPolicy(List<Kind> kinds) {
  /** Any label goes. */
  public static final LabelPolicy NONE = new LabelPolicy(List.of());

  /** Longer texts are compared up to here: patterns cost time, and label sets come from outside. */
  private static final int MAX_COMPARED = 500;

  private static final String SHIPPED = "label-policy.yaml";

  public LabelPolicy {
    kinds = List.copyOf(kinds);
  }

  /** What is done about a kind of label. */
  public enum Action {
    /** It is told of, and used. */
    WARN,
    /** Its set is not used. */
    REFUSE
  }

  /**
   * One kind of label.
   *
   * @param name for people
   * @param reason for people: why
   * @param patterns found anywhere in a text makes it of this kind
   */
  public record Kind(String name, Action action, String reason, List<Pattern> patterns) {
    public Kind {
      patterns = List.copyOf(patterns);
    }

    private Optional<String> find(String text) {
      return patterns.stream()
          .map(pattern -> pattern.matcher(text))
          .filter(Matcher::find)
          .map(Matcher::group)
          .findFirst();
    }
  }

  /** The policy that comes with Tagstream. */
  public static LabelPolicy shipped() {
    try (InputStream in = LabelPolicy.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("The build lacks " + SHIPPED);
      }
      return LabelPolicyYaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a policy.
   *
   * @throws InvalidLabelSetException if the file is none; the message names file and key
   * @throws UncheckedIOException if the file cannot be read
   */
  public static LabelPolicy read(Path file) {
    try {
      return LabelPolicyYaml.parse(Files.readString(file));
    } catch (InvalidLabelSetException e) {
      throw new InvalidLabelSetException("label policy " + file + ": " + e.getMessage());
    } catch (CharacterCodingException e) {
      throw new InvalidLabelSetException(
          "label policy " + file + ": not written in UTF-8; save it in UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read label policy " + file, e);
    }
  }

  /**
   * Compares a set with the policy.
   *
   * @return a sentence for each kind that is warned of and that the set has
   * @throws InvalidLabelSetException if the set has a kind of label that is refused
   */
  public List<String> check(LabelSet set) {
    List<String> warnings = new ArrayList<>();
    for (Kind kind : kinds) {
      Optional<String> found = first(kind, set);
      if (found.isPresent()) {
        String what =
            "label set '%s' has %s, which is of the kind '%s' (%s)"
                .formatted(set.name(), found.get(), kind.name(), kind.reason());
        if (kind.action() == Action.REFUSE) {
          throw new InvalidLabelSetException(
              what + "; the label policy refuses it: change the label or labels.policy");
        }
        warnings.add(what);
      }
    }
    return warnings;
  }

  private static Optional<String> first(Kind kind, LabelSet set) {
    Stream<String> ofLabels =
        set.labels().stream()
            .flatMap(
                label ->
                    Stream.concat(Stream.of(label.name(), label.id()), label.prompts().stream())
                        .flatMap(text -> kind.find(comparable(text)).stream())
                        .map(found -> "the label '%s' ('%s')".formatted(label.id(), found)));
    Stream<String> ofTemplates =
        set.templates().stream()
            .flatMap(template -> kind.find(comparable(template)).stream())
            .map("the template text '%s'"::formatted);
    return Stream.concat(ofLabels, ofTemplates).findFirst();
  }

  /** The same word in another form of Unicode, or with other spaces, is the same word. */
  private static String comparable(String text) {
    String start = text.length() > MAX_COMPARED ? text.substring(0, MAX_COMPARED) : text;
    return Normalizer.normalize(start, Normalizer.Form.NFKC).replaceAll("[\\s_]+", " ");
  }
}
