package dev.tagstream.topology.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Flattens a YAML file to dotted keys. */
final class YamlSource {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private YamlSource() {}

  static void read(Path file, Map<String, RawValue> into, List<ConfigProblem> problems) {
    String origin = file.toString();
    try {
      JsonNode root = YAML.readTree(Files.readString(file));
      if (root == null || root.isMissingNode() || root.isNull()) {
        return;
      }
      if (!root.isObject()) {
        problems.add(
            new ConfigProblem(
                "the file", null, origin, "must have sections, such as 'batch:', at the top"));
        return;
      }
      flatten("", root, origin, into, problems);
    } catch (NoSuchFileException e) {
      problems.add(new ConfigProblem("the file", null, origin, "does not exist"));
    } catch (JsonProcessingException e) {
      problems.add(new ConfigProblem("the file", null, origin, "is not YAML: " + where(e)));
    } catch (IOException e) {
      problems.add(new ConfigProblem("the file", null, origin, "cannot be read: " + e));
    }
  }

  private static String where(JsonProcessingException problem) {
    String text = problem.getOriginalMessage().lines().findFirst().orElse("").strip();
    return problem.getLocation() == null
        ? text
        : text + ", line " + problem.getLocation().getLineNr();
  }

  private static void flatten(
      String path,
      JsonNode node,
      String origin,
      Map<String, RawValue> into,
      List<ConfigProblem> problems) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        flatten(child, field.getValue(), origin, into, problems);
      }
    } else if (node.isArray()) {
      List<String> items = new ArrayList<>();
      for (JsonNode item : node) {
        if (!item.isValueNode() || item.isNull()) {
          problems.add(
              new ConfigProblem(path, null, origin, "the list must hold plain values only"));
          return;
        }
        items.add(item.asText());
      }
      into.put(path, new RawValue(List.copyOf(items), true, origin));
    } else if (node.isNull()) {
      boolean section =
          ConfigKeys.all().stream().anyMatch(key -> key.path().startsWith(path + "."))
              || ConfigKeys.OPEN_SECTIONS.contains(path);
      if (!section) {
        problems.add(new ConfigProblem(path, null, origin, "has no value"));
      }
    } else {
      into.put(path, RawValue.scalar(node.asText(), origin));
    }
  }
}
