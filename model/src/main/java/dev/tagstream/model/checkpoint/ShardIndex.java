package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads {@code model.safetensors.index.json} and {@code pytorch_model.bin.index.json}: an object
 * whose {@code weight_map} says of each tensor which file beside the index holds it (written by
 * {@code save_pretrained} of Hugging Face's transformers for large models).
 */
final class ShardIndex {
  static final String SUFFIX = ".index.json";

  private static final int MAX_FILES = 1000;

  /** A plain file name: nothing that leads out of the folder, and no hidden file. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

  private ShardIndex() {}

  static WeightFiles read(Path index) {
    JsonSection root = JsonSection.read(index);
    JsonNode map = root.present("weight_map");
    if (map == null || !map.isObject() || map.isEmpty()) {
      throw new CheckpointException(
          root.path("weight_map") + " has to be an object that names the file of each tensor.");
    }
    Map<String, List<String>> tensorsByFile = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      tensorsByFile
          .computeIfAbsent(fileName(root, entry), file -> new ArrayList<>())
          .add(entry.getKey());
    }
    if (tensorsByFile.size() > MAX_FILES) {
      throw new CheckpointException(
          root.path("weight_map")
              + " names "
              + tensorsByFile.size()
              + " files; at most "
              + MAX_FILES
              + " are read.");
    }
    return read(root, index.resolveSibling("."), tensorsByFile);
  }

  private static WeightFiles read(
      JsonSection root, Path folder, Map<String, List<String>> tensorsByFile) {
    List<Path> files = new ArrayList<>();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensorsByFile.forEach(
        (name, promised) -> {
          Path file = folder.resolve(name).normalize();
          if (!Files.exists(file)) {
            throw new CheckpointException(
                root.where() + " names " + name + ", which is not there: download it as well.");
          }
          WeightFile found = WeightFiles.readOne(file);
          for (String tensor : promised) {
            StoredTensor stored = found.tensors().get(tensor);
            if (stored != null) {
              tensors.put(tensor, stored);
            } else if (!found.buffers().contains(tensor)) {
              throw new CheckpointException(
                  root.where()
                      + " says that "
                      + name
                      + " holds tensor "
                      + tensor
                      + "; it does not.");
            }
          }
          files.add(file);
        });
    return new WeightFiles(files, tensors);
  }

  private static String fileName(JsonSection root, Map.Entry<String, JsonNode> entry) {
    String name = entry.getValue().asText("");
    if (!entry.getValue().isTextual() || !FILE_NAME.matcher(name).matches()) {
      throw root.section("weight_map")
          .refusal(entry.getKey(), "the name of a file in the index's own folder");
    }
    return name;
  }
}
