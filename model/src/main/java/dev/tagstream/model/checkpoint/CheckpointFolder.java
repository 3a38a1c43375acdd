package dev.tagstream.model.checkpoint;

import dev.tagstream.model.image.PixelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A checkpoint, read and checked but not loaded.
 *
 * @param path its folder
 * @param layout how it names its tensors
 * @param config what its configuration says of the model
 * @param pixels what its configuration says of preprocessing
 * @param weights the checked tensors of its weights
 * @param tokenizer the path of {@code tokenizer.json}, or of {@code vocab.json} where {@code
 *     merges.txt} lies beside it
 */
public record CheckpointFolder(
    Path path,
    CheckpointLayout layout,
    ClipConfig config,
    PixelSpec pixels,
    ClipWeights weights,
    Path tokenizer) {

  /**
   * Reads the configuration and the weights' tables of contents.
   *
   * @param path a folder, or a weights file whose configuration lies beside it
   * @throws CheckpointException if a file is missing or does not fit the others
   */
  public static CheckpointFolder open(Path path) {
    Path weightsFile = WeightsChoice.of(path);
    Path folder =
        Files.isDirectory(path)
            ? path
            : weightsFile.toAbsolutePath().resolveSibling(".").normalize();
    return open(folder, WeightFiles.read(weightsFile));
  }

  private static CheckpointFolder open(Path folder, WeightFiles files) {
    CheckpointLayout layout = CheckpointLayout.of(files);
    JsonSection root = JsonSection.read(folder.resolve(layout.configFile()));
    boolean openClip = layout == CheckpointLayout.OPEN_CLIP;
    ClipConfig config = openClip ? OpenClipConfigReader.read(root) : ClipConfigReader.read(root);
    PixelSpec pixels =
        openClip
            ? OpenClipPreprocessing.read(root, config.imageSize())
            : PreprocessingReader.read(folder);
    refuseOtherSize(config, pixels);
    Path tokenizer = tokenizer(folder);
    ClipWeights weights = new ClipWeights(files, config, layout);
    return new CheckpointFolder(folder, layout, config, pixels, weights, tokenizer);
  }

  /** The licence that the model card names, where there is a card. */
  public Optional<String> licence() {
    return ModelCard.licence(path);
  }

  private static void refuseOtherSize(ClipConfig config, PixelSpec pixels) {
    int size = config.imageSize();
    if (!pixels.output().equals(new PixelSpec.Size(size, size))) {
      throw new CheckpointException(
          "The configured preprocessing makes images of "
              + pixels.output()
              + " pixels; by config.json the model takes "
              + size
              + "x"
              + size
              + ".");
    }
  }

  private static Path tokenizer(Path folder) {
    Path tokenizer = folder.resolve("tokenizer.json");
    Path vocabulary = folder.resolve("vocab.json");
    if (Files.exists(tokenizer)) {
      return tokenizer;
    }
    if (Files.exists(vocabulary) && Files.exists(folder.resolve("merges.txt"))) {
      return vocabulary;
    }
    throw new CheckpointException(
        "There is no tokenizer.json in "
            + folder
            + ", nor vocab.json with merges.txt: download the tokenizer's files as well.");
  }
}
