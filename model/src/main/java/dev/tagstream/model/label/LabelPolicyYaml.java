package dev.tagstream.model.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Label policies as people write them; {@code label-policy.yaml} explains itself. */
final class LabelPolicyYaml {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> KEYS = Set.of("name", "action", "reason", "words", "patterns");

  private LabelPolicyYaml() {}

  static LabelPolicy parse(String yaml) {
    JsonNode kinds;
    try {
      kinds = YAML.readTree(yaml).path("kinds");
    } catch (JsonProcessingException e) {
      throw new InvalidLabelSetException("not readable as YAML: " + e.getOriginalMessage());
    }
    if (!kinds.isArray()) {
      throw new InvalidLabelSetException("'kinds' must be a list");
    }
    List<LabelPolicy.Kind> read = new ArrayList<>();
    kinds.forEach(kind -> read.add(kind(kind)));
    return new LabelPolicy(read);
  }

  private static LabelPolicy.Kind kind(JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!KEYS.contains(field.getKey())) {
        throw new InvalidLabelSetException(
            "a kind has the unknown key '%s'; keys are %s"
                .formatted(field.getKey(), String.join(", ", KEYS.stream().sorted().toList())));
      }
    }
    String name = node.path("name").asText("").strip();
    if (name.isEmpty()) {
      throw new InvalidLabelSetException("a kind has no 'name'");
    }
    List<Pattern> patterns = new ArrayList<>();
    texts(node, "words", name).forEach(word -> patterns.add(phrase(word)));
    texts(node, "patterns", name).forEach(pattern -> patterns.add(pattern(pattern, name)));
    if (patterns.isEmpty()) {
      throw new InvalidLabelSetException("kind '" + name + "' has neither 'words' nor 'patterns'");
    }
    return new LabelPolicy.Kind(
        name, action(node, name), node.path("reason").asText("no reason given"), patterns);
  }

  private static LabelPolicy.Action action(JsonNode node, String name) {
    String action = node.path("action").asText("").toLowerCase(Locale.ROOT);
    return switch (action) {
      case "warn" -> LabelPolicy.Action.WARN;
      case "refuse" -> LabelPolicy.Action.REFUSE;
      default ->
          throw new InvalidLabelSetException(
              "kind '%s' has the action '%s'; allowed are warn and refuse".formatted(name, action));
    };
  }

  private static List<String> texts(JsonNode node, String key, String name) {
    JsonNode values = node.path(key);
    List<String> texts = new ArrayList<>();
    if (!values.isMissingNode() && !values.isArray()) {
      throw new InvalidLabelSetException(
          "'%s' of kind '%s' must be a list of texts".formatted(key, name));
    }
    for (JsonNode value : values) {
      if (value.asText("").isBlank()) {
        throw new InvalidLabelSetException(
            "'%s' of kind '%s' has an entry that is no text".formatted(key, name));
      }
      texts.add(value.asText());
    }
    return texts;
  }

  private static Pattern phrase(String word) {
    String spaced = Pattern.quote(word.strip()).replace(" ", "\\E\\s+\\Q");
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])" + spaced + "(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static Pattern pattern(String pattern, String name) {
    try {
      return Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
    } catch (PatternSyntaxException e) {
      throw new InvalidLabelSetException(
          "kind '%s' has the pattern '%s', which is none: %s"
              .formatted(name, pattern, e.getDescription()));
    }
  }
}
