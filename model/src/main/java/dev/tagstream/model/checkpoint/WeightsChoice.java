package dev.tagstream.model.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Which file a checkpoint's weights are read from. */
final class WeightsChoice {
  /** The names in Hugging Face's layout, safe formats first. */
  private static final List<String> HUGGING_FACE =
      List.of(
          "model.safetensors",
          "model.safetensors" + ShardIndex.SUFFIX,
          "pytorch_model.bin",
          "pytorch_model.bin" + ShardIndex.SUFFIX);

  private static final List<String> OPEN_CLIP =
      List.of("open_clip_model.safetensors", "open_clip_pytorch_model.bin");

  private static final List<String> ENDINGS =
      List.of(".safetensors", ".bin", ".pt", ShardIndex.SUFFIX);

  private WeightsChoice() {}

  /**
   * The weights of a folder, or the file itself where a file is named.
   *
   * @throws CheckpointException if there are none
   */
  static Path of(Path path) {
    if (Files.isDirectory(path)) {
      return inFolder(path);
    }
    if (!Files.exists(path)) {
      throw new CheckpointException("There is no checkpoint folder " + path + ".");
    }
    String name = String.valueOf(path.getFileName());
    if (ENDINGS.stream().noneMatch(name::endsWith)) {
      throw new CheckpointException(
          path
              + " is no weights file; name the folder that holds config.json and"
              + " model.safetensors, or a file that ends in "
              + String.join(" or ", ENDINGS)
              + ".");
    }
    return path;
  }

  /** Repositories that hold both layouts are run in Hugging Face's, whose preprocessing is full. */
  private static Path inFolder(Path folder) {
    boolean openClipOnly =
        !Files.exists(folder.resolve(CheckpointLayout.HUGGING_FACE.configFile()))
            && Files.exists(folder.resolve(CheckpointLayout.OPEN_CLIP.configFile()));
    List<String> names =
        openClipOnly
            ? Stream.concat(OPEN_CLIP.stream(), HUGGING_FACE.stream()).toList()
            : Stream.concat(HUGGING_FACE.stream(), OPEN_CLIP.stream()).toList();
    return names.stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                new CheckpointException(
                    "There is no "
                        + names.get(0)
                        + " in "
                        + folder
                        + ", nor any other weights that are read: "
                        + String.join(", ", names.subList(1, names.size()))
                        + "."));
  }
}
