package dev.tagstream.model.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The YAML between two lines of three dashes that a card begins with.
 *
 * @param rest the card after it
 */
record FrontMatter(JsonNode values, String rest) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String FENCE = "---";
  private static final int MAX_LICENCE = 100;
  private static final int MAX_DATASETS = 300;

  static FrontMatter of(String markdown) {
    List<String> lines = markdown.lines().toList();
    if (lines.isEmpty() || !lines.get(0).strip().equals(FENCE)) {
      return new FrontMatter(MissingNode.getInstance(), markdown);
    }
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(FENCE)) {
        return new FrontMatter(
            read(String.join("\n", lines.subList(1, i))),
            String.join("\n", lines.subList(i + 1, lines.size())));
      }
    }
    return new FrontMatter(MissingNode.getInstance(), markdown);
  }

  /** The licence's own name where it has one, else its identifier. */
  Optional<String> licence() {
    return text("license_name").or(() -> text("license"));
  }

  /** The data sets that are named. */
  Optional<String> datasets() {
    JsonNode named = values.path("datasets");
    List<String> names = new ArrayList<>();
    if (named.isTextual()) {
      names.add(named.asText());
    }
    named.elements().forEachRemaining(item -> names.add(item.asText()));
    return shown(String.join(", ", names), MAX_DATASETS);
  }

  private Optional<String> text(String key) {
    JsonNode value = values.path(key);
    String text = value.isArray() && value.size() > 0 ? value.get(0).asText() : value.asText("");
    return shown(text, MAX_LICENCE);
  }

  private static Optional<String> shown(String text, int most) {
    return Optional.of(PlainText.of(text, most)).filter(plain -> !plain.isEmpty());
  }

  private static JsonNode read(String yaml) {
    try {
      JsonNode node = YAML.readTree(yaml);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JacksonException | RuntimeException | StackOverflowError e) {
      // A card that is no YAML says nothing; that must not keep anybody from the model.
      return MissingNode.getInstance();
    }
  }
}
