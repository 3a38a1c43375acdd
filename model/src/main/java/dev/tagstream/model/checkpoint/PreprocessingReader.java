package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagstream.model.checkpoint.Preprocessing.Resize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads {@code preprocessor_config.json}, or the {@code image_processor} object of {@code
 * processor_config.json}, where newer releases of transformers keep it. Absent fields take the
 * defaults of {@code CLIPImageProcessor}.
 */
final class PreprocessingReader {
  private static final List<Double> OPENAI_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> OPENAI_STD = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final int MAX_SIDE = 4096;
  private static final int BICUBIC = 3;

  private PreprocessingReader() {}

  static Preprocessing read(Path folder) {
    JsonSection config = section(folder);
    String type =
        config.text(
            "image_processor_type", config.text("feature_extractor_type", "CLIPImageProcessor"));
    if (!type.startsWith("CLIP")) {
      throw new CheckpointException(
          config.path("image_processor_type")
              + " is \""
              + type
              + "\"; only CLIP's own preprocessing is known.");
    }
    boolean normalised = config.flag("do_normalize", true);
    boolean rescaled = config.flag("do_rescale", true);
    List<Double> std =
        normalised ? config.numbers("image_std", 3, OPENAI_STD) : List.of(1., 1., 1.);
    if (std.stream().anyMatch(value -> value <= 0)) {
      throw config.refusal("image_std", "three numbers above 0");
    }
    Resize resize = resize(config);
    return new Preprocessing(
        resize,
        config.integer("resample", 0, 5, BICUBIC),
        outputSize(config, resize),
        rescaled ? config.number("rescale_factor", 1e-9, 1e9, 1 / 255.) : 1,
        normalised ? config.numbers("image_mean", 3, OPENAI_MEAN) : List.of(0., 0., 0.),
        std);
  }

  private static JsonSection section(Path folder) {
    Path own = folder.resolve("preprocessor_config.json");
    Path combined = folder.resolve("processor_config.json");
    if (!Files.exists(own) && Files.exists(combined)) {
      JsonSection processor = JsonSection.read(combined);
      if (processor.has("image_processor")) {
        return processor.section("image_processor");
      }
    }
    return JsonSection.read(own);
  }

  private static Resize resize(JsonSection config) {
    if (!config.flag("do_resize", true)) {
      throw config.refusal("do_resize", "true: the model takes one size of image");
    }
    JsonNode size = config.present("size");
    if (size == null) {
      return new Resize.ShortestEdge(224);
    }
    if (!size.isObject()) {
      return new Resize.ShortestEdge(config.integer("size", 1, MAX_SIDE, null));
    }
    JsonSection sides = config.section("size");
    return sides.has("shortest_edge")
        ? new Resize.ShortestEdge(sides.integer("shortest_edge", 1, MAX_SIDE, null))
        : new Resize.Square(square(sides));
  }

  private static int outputSize(JsonSection config, Resize resize) {
    if (config.flag("do_center_crop", true)) {
      JsonNode crop = config.present("crop_size");
      return crop != null && crop.isObject()
          ? square(config.section("crop_size"))
          : config.integer("crop_size", 1, MAX_SIDE, 224);
    }
    if (resize instanceof Resize.Square square) {
      return square.pixels();
    }
    throw config.refusal(
        "do_center_crop", "true where size is a shortest edge: the model takes square images");
  }

  private static int square(JsonSection sides) {
    int height = sides.integer("height", 1, MAX_SIDE, null);
    int width = sides.integer("width", 1, MAX_SIDE, null);
    if (height != width) {
      throw sides.refusal("width", "the height, " + height + ": the model takes square images");
    }
    return height;
  }
}
