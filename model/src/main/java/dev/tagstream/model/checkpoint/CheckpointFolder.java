package dev.tagstream.model.checkpoint;

import dev.tagstream.model.image.PixelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A checkpoint folder in the Hugging Face layout, read and checked but not loaded.
 *
 * @param path the folder
 * @param config what {@code config.json} says
 * @param pixels what {@code preprocessor_config.json} says
 * @param weights the checked tensors of {@code model.safetensors}
 * @param tokenizer the path of {@code tokenizer.json}
 */
public record CheckpointFolder(
    Path path, ClipConfig config, PixelSpec pixels, ClipWeights weights, Path tokenizer) {
  private static final String WEIGHTS = "model.safetensors";

  /**
   * Reads the folder's configuration and the weights' header.
   *
   * @throws CheckpointException if a file is missing or does not fit the others
   */
  public static CheckpointFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new CheckpointException(
          Files.exists(path)
              ? path + " is a file; name the folder that holds config.json and " + WEIGHTS + "."
              : "There is no checkpoint folder " + path + ".");
    }
    if (!Files.exists(path.resolve("config.json"))
        && Files.exists(path.resolve("open_clip_config.json"))) {
      throw new CheckpointException(
          path + " is in the OpenCLIP layout; this version runs the Hugging Face layout.");
    }
    ClipConfig config = ClipConfigReader.read(path.resolve("config.json"));
    PixelSpec pixels = PreprocessingReader.read(path);
    int size = config.imageSize();
    if (!pixels.output().equals(new PixelSpec.Size(size, size))) {
      throw new CheckpointException(
          "preprocessor_config.json makes images of "
              + pixels.output()
              + " pixels; by config.json the model takes "
              + size
              + "x"
              + size
              + ".");
    }
    Path tokenizer = path.resolve("tokenizer.json");
    if (!Files.exists(tokenizer)) {
      throw new CheckpointException(
          "There is no tokenizer.json in "
              + path
              + ". vocab.json and merges.txt alone are not read: save the tokenizer with a current"
              + " release of transformers, which writes tokenizer.json.");
    }
    return new CheckpointFolder(
        path, config, pixels, new ClipWeights(weightsFile(path), config), tokenizer);
  }

  /** The licence that the model card names, where there is a card. */
  public Optional<String> licence() {
    return ModelCard.licence(path);
  }

  private static SafetensorsFile weightsFile(Path folder) {
    Path weights = folder.resolve(WEIGHTS);
    if (!Files.exists(weights)) {
      throw new CheckpointException(
          "There is no " + WEIGHTS + " in " + folder + "." + otherWeights(folder));
    }
    return SafetensorsFile.read(weights);
  }

  private static String otherWeights(Path folder) {
    if (Files.exists(folder.resolve("pytorch_model.bin"))) {
      return " pytorch_model.bin is not read: load it with transformers and save it again.";
    }
    if (Files.exists(folder.resolve(WEIGHTS + ".index.json"))) {
      return " Weights split over several files are not read: save them as one file.";
    }
    return "";
  }
}
