package dev.tagstream.model.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A card's text under its headings. */
record CardSections(List<Section> sections) {
  private static final int MAX_TEXT = 1_000;
  private static final int MAX_SECTIONS = 500;

  /** Without choices that a hostile line could make a search of: each character fits one place. */
  private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})\\s+(\\S.{0,200})");

  private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");

  /**
   * One heading and the lines up to the next.
   *
   * @param level 1 to 6
   * @param title in lower case, words only
   */
  private record Section(int level, String title, List<String> lines) {}

  static CardSections of(String markdown) {
    List<Section> sections = new ArrayList<>();
    boolean code = false;
    for (String line : (Iterable<String>) markdown.lines()::iterator) {
      code ^= FENCE.matcher(line).matches();
      Matcher heading = HEADING.matcher(line.stripTrailing());
      if (!code && heading.matches() && sections.size() < MAX_SECTIONS) {
        sections.add(
            new Section(heading.group(1).length(), words(heading.group(2)), new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.get(sections.size() - 1).lines().add(line);
      }
    }
    return new CardSections(sections);
  }

  /** The text below the first of the titles that the card has and that has text. */
  Optional<String> first(String... titles) {
    for (String title : titles) {
      for (int i = 0; i < sections.size(); i++) {
        if (sections.get(i).title().equals(title)) {
          Optional<String> text = shown(body(i));
          if (text.isPresent()) {
            return text;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The section's own lines; those of its subsections where it has none. */
  private String body(int index) {
    Section section = sections.get(index);
    StringBuilder text = new StringBuilder(String.join("\n", section.lines()));
    for (int i = index + 1;
        text.toString().isBlank()
            && i < sections.size()
            && sections.get(i).level() > section.level();
        i++) {
      text.append(String.join("\n", sections.get(i).lines()));
    }
    return text.toString();
  }

  private static Optional<String> shown(String markdown) {
    String bounded = markdown.substring(0, Math.min(markdown.length(), 20_000));
    String plain = PlainText.of(withoutMarkup(bounded), MAX_TEXT + 1);
    if (plain.length() > MAX_TEXT) {
      int space = plain.lastIndexOf(' ', MAX_TEXT - 2);
      plain = plain.substring(0, space > 0 ? space : MAX_TEXT - 2) + " …";
    }
    return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
  }

  /** What stays readable without a browser: link texts, not addresses; no tags, no stars. */
  private static String withoutMarkup(String markdown) {
    return markdown
        .replaceAll("<!--[^>]{0,5000}-->", " ")
        .replaceAll("!\\[[^\\]\\n]{0,300}\\]\\([^)\\n]{0,1000}\\)", " ")
        .replaceAll("\\[([^\\]\\n]{1,300})\\]\\([^)\\n]{0,1000}\\)", "$1")
        .replaceAll("</?[A-Za-z][^>\\n]{0,300}>", " ")
        .replaceAll("[*`]+|__+", "");
  }

  private static String words(String title) {
    return withoutMarkup(title)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .strip();
  }
}
