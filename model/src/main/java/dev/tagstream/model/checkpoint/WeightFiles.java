package dev.tagstream.model.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file, or the several files, that hold a checkpoint's weights, of which only the tables of
 * contents have been read.
 *
 * @param files as they are named in the checkpoint, in the order of their names
 * @param tensors by name, those of all files together
 */
public record WeightFiles(List<Path> files, Map<String, StoredTensor> tensors) {

  public WeightFiles {
    files = List.copyOf(files);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads the table of contents of a weights file, or of all those that an index names.
   *
   * @throws CheckpointException if a file is missing, truncated or of another format
   */
  public static WeightFiles read(Path path) {
    return fileName(path).endsWith(ShardIndex.SUFFIX)
        ? ShardIndex.read(path)
        : new WeightFiles(List.of(path), readOne(path).tensors());
  }

  /** What one file holds. */
  static WeightFile readOne(Path file) {
    return fileName(file).endsWith(".safetensors")
        ? SafetensorsFile.read(file)
        : TorchFile.read(file);
  }

  /** The files' names, for messages. */
  String name() {
    return files.size() == 1 ? fileName(files.get(0)) : "the weights in " + files.size() + " files";
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
