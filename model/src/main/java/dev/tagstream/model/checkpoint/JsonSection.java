package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An object of a configuration file whose fields are read with their place in the file at hand, so
 * that every refusal names file, key and value.
 *
 * @param where the file's name, and the path of the object inside it
 */
record JsonSection(String where, JsonNode node) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  /** Far above any real configuration, and small enough to read without a thought. */
  private static final long MAX_FILE_BYTES = 16L << 20;

  static JsonSection read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      long size = Files.size(file);
      if (size > MAX_FILE_BYTES) {
        throw new CheckpointException(
            name + " has " + size + " bytes; a configuration file has at most " + MAX_FILE_BYTES);
      }
      JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
      if (node == null || !node.isObject()) {
        throw new CheckpointException(name + " does not hold a JSON object.");
      }
      return new JsonSection(name, node);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "There is no " + name + " in " + file.getParent() + ", which a checkpoint needs.", e);
    } catch (JacksonException e) {
      throw new CheckpointException(name + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** The object under {@code key}; one without fields when it is absent or null. */
  JsonSection section(String key) {
    JsonNode child = node.get(key);
    if (child == null || child.isNull()) {
      return new JsonSection(path(key), MAPPER.createObjectNode());
    }
    if (!child.isObject()) {
      throw refusal(key, "an object");
    }
    return new JsonSection(path(key), child);
  }

  /** This object with the fields of {@code other} put over its own. */
  JsonSection overriddenBy(JsonSection other) {
    var merged = MAPPER.createObjectNode();
    node.properties().forEach(e -> merged.set(e.getKey(), e.getValue()));
    other.node.properties().forEach(e -> merged.set(e.getKey(), e.getValue()));
    return new JsonSection(where, merged);
  }

  int integer(String key, int least, int most, @Nullable Integer otherwise) {
    JsonNode value = present(key);
    if (value == null) {
      return required(key, otherwise);
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw refusal(key, "a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  double number(String key, double least, double most, @Nullable Double otherwise) {
    JsonNode value = present(key);
    if (value == null) {
      return required(key, otherwise);
    }
    if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw refusal(key, "a number from " + least + " to " + most);
    }
    return value.doubleValue();
  }

  String text(String key, @Nullable String otherwise) {
    JsonNode value = present(key);
    if (value == null) {
      return required(key, otherwise);
    }
    if (!value.isTextual()) {
      throw refusal(key, "a string");
    }
    return value.textValue();
  }

  boolean flag(String key, @Nullable Boolean otherwise) {
    JsonNode value = present(key);
    if (value == null) {
      return required(key, otherwise);
    }
    if (!value.isBoolean()) {
      throw refusal(key, "true or false");
    }
    return value.booleanValue();
  }

  /** The value has to be left out, null or this. */
  void refuseTextBeyond(String key, String only) {
    if (!text(key, only).equals(only)) {
      throw refusal(key, "\"" + only + "\", or left out");
    }
  }

  /**
   * Refuses every other key, because nobody could say what it does to the model; unless its value
   * is null, false, 0 or empty, which switches off whatever it is.
   */
  void refuseKeysBeyond(Set<String> known) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey()) && !isOff(field.getValue())) {
        throw refusal(
            field.getKey(),
            "left out: of this object, "
                + String.join(", ", new TreeSet<>(known))
                + " can be followed");
      }
    }
  }

  private static boolean isOff(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.booleanValue())
        || (value.isNumber() && value.doubleValue() == 0);
  }

  /** A list of exactly {@code size} finite numbers. */
  List<Double> numbers(String key, int size, @Nullable List<Double> otherwise) {
    JsonNode value = present(key);
    if (value == null) {
      return required(key, otherwise);
    }
    if (!value.isArray() || value.size() != size) {
      throw refusal(key, "a list of " + size + " numbers");
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isNumber() || !Double.isFinite(element.doubleValue())) {
        throw refusal(key, "a list of " + size + " numbers");
      }
      numbers.add(element.doubleValue());
    }
    return numbers;
  }

  /** The value under {@code key} as it stands, or null when it is absent or null. */
  @Nullable JsonNode present(String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  CheckpointException refusal(String key, String allowed) {
    return new CheckpointException(
        path(key) + " is " + abbreviated(node.get(key)) + "; it has to be " + allowed + ".");
  }

  String path(String key) {
    return where.contains(": ") ? where + "." + key : where + ": " + key;
  }

  private <T> T required(String key, @Nullable T otherwise) {
    if (otherwise == null) {
      throw new CheckpointException(path(key) + " is missing.");
    }
    return otherwise;
  }

  private static String abbreviated(@Nullable JsonNode value) {
    String text = String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
