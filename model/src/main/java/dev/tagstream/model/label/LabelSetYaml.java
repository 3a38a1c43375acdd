package dev.tagstream.model.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Label sets as people write them:
 *
 * <pre>{@code
 * name: default
 * version: "1"                     # left out: a hash of the file
 * scoring: softmax                 # or independent
 * topK: 5
 * templates: ["a photo of a {}"]
 * labels:
 *   - dog                          # id, name and prompt at once
 *   - {id: cat, name: Cat, prompts: [cat, kitten], threshold: 0.2}
 * }</pre>
 */
public final class LabelSetYaml {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> SET_KEYS =
      Set.of("name", "version", "scoring", "topK", "templates", "labels");
  private static final Set<String> LABEL_KEYS = Set.of("id", "name", "prompts", "threshold");
  private static final int DEFAULT_TOP_K = 5;

  private LabelSetYaml() {}

  /**
   * Reads one label set.
   *
   * @throws InvalidLabelSetException if the file is no label set; the message names file and key
   * @throws UncheckedIOException if the file cannot be read
   */
  public static LabelSet read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidLabelSetException(file + ": not written in UTF-8; save it in UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read label set file " + file, e);
    }
    try {
      return parse(text);
    } catch (InvalidLabelSetException e) {
      throw new InvalidLabelSetException(file + ": " + e.getMessage());
    }
  }

  /**
   * Parses one label set.
   *
   * @throws InvalidLabelSetException if the text is no label set; the message names the key
   */
  public static LabelSet parse(String yaml) {
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new InvalidLabelSetException("not readable as YAML: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw new InvalidLabelSetException("not a label set; keys are " + sorted(SET_KEYS));
    }
    refuseUnknownKeys("the label set", root, SET_KEYS);
    return new LabelSet(
        string(root, "name", "default"),
        string(root, "version", hash(yaml)),
        labels(root.path("labels")),
        strings(root, "templates", List.of()),
        scoring(string(root, "scoring", "softmax")),
        topK(root.path("topK")));
  }

  private static List<Label> labels(JsonNode nodes) {
    if (!nodes.isArray()) {
      throw new InvalidLabelSetException("'labels' must be a list of words or of label objects");
    }
    List<Label> labels = new ArrayList<>();
    for (JsonNode node : nodes) {
      labels.add(node.isObject() ? label(node) : Label.of(node.asText()));
    }
    return labels;
  }

  private static Label label(JsonNode node) {
    refuseUnknownKeys("a label", node, LABEL_KEYS);
    String name = string(node, "name", string(node, "id", ""));
    String id = string(node, "id", name);
    return new Label(id, name, strings(node, "prompts", List.of(name)), threshold(id, node));
  }

  private static @Nullable Double threshold(String id, JsonNode node) {
    JsonNode value = node.path("threshold");
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isNumber()) {
      throw new InvalidLabelSetException(
          "label '" + id + "' has threshold '" + value.asText() + "'; allowed is 0 to 1");
    }
    return value.asDouble();
  }

  private static Scoring scoring(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "softmax" -> Scoring.SOFTMAX;
      case "independent" -> Scoring.INDEPENDENT;
      default ->
          throw new InvalidLabelSetException(
              "scoring '" + value + "' is unknown; allowed are softmax and independent");
    };
  }

  private static int topK(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return DEFAULT_TOP_K;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new InvalidLabelSetException("topK '" + value.asText() + "' is no whole number");
    }
    return value.intValue();
  }

  private static String string(JsonNode parent, String key, String otherwise) {
    JsonNode value = parent.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (value.isContainerNode()) {
      throw new InvalidLabelSetException("'" + key + "' must be a text, not a list or an object");
    }
    return value.asText();
  }

  private static List<String> strings(JsonNode parent, String key, List<String> otherwise) {
    JsonNode value = parent.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isArray()) {
      throw new InvalidLabelSetException("'" + key + "' must be a list of texts");
    }
    List<String> strings = new ArrayList<>();
    value.forEach(item -> strings.add(item.asText()));
    return strings;
  }

  private static void refuseUnknownKeys(String what, JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new InvalidLabelSetException(
                    what + " has the unknown key '" + key + "'; keys are " + sorted(known));
              }
            });
  }

  private static String sorted(Set<String> keys) {
    return String.join(", ", keys.stream().sorted().toList());
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
