package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.PixelSpec.Resize;
import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import dev.tagstream.model.image.ResampleFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads {@code preprocessor_config.json}, or the {@code image_processor} object of {@code
 * processor_config.json}, where newer releases of transformers keep it. Absent fields take the
 * defaults of {@code CLIPImageProcessor}.
 */
final class PreprocessingReader {
  private static final int MAX_SIDE = 4096;
  private static final int BICUBIC = 3;

  private PreprocessingReader() {}

  static PixelSpec read(Path folder) {
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
        normalised ? config.numbers("image_std", 3, PixelSpec.CLIP_STD) : List.of(1., 1., 1.);
    if (std.stream().anyMatch(value -> value <= 0)) {
      throw config.refusal("image_std", "three numbers above 0");
    }
    Resize resize = config.flag("do_resize", true) ? resize(config) : null;
    Size crop = config.flag("do_center_crop", true) ? crop(config) : null;
    if (crop == null && !(resize instanceof ToSize)) {
      throw config.refusal(
          "do_center_crop",
          "true where size is a shortest edge: images would come out in different sizes");
    }
    return new PixelSpec(
        resize,
        crop,
        ResampleFilter.ofPillow(config.integer("resample", 0, 5, BICUBIC)),
        rescaled ? config.number("rescale_factor", 1e-9, 1e9, 1 / 255.) : 1,
        normalised ? config.numbers("image_mean", 3, PixelSpec.CLIP_MEAN) : List.of(0., 0., 0.),
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
    JsonNode size = config.present("size");
    if (size == null || !size.isObject()) {
      return new ShortestEdge(config.integer("size", 1, MAX_SIDE, 224));
    }
    JsonSection sides = config.section("size");
    return sides.has("shortest_edge")
        ? new ShortestEdge(sides.integer("shortest_edge", 1, MAX_SIDE, null))
        : new ToSize(sides(sides));
  }

  private static Size crop(JsonSection config) {
    JsonNode crop = config.present("crop_size");
    if (crop != null && crop.isObject()) {
      return sides(config.section("crop_size"));
    }
    int side = config.integer("crop_size", 1, MAX_SIDE, 224);
    return new Size(side, side);
  }

  private static Size sides(JsonSection section) {
    return new Size(
        section.integer("width", 1, MAX_SIDE, null), section.integer("height", 1, MAX_SIDE, null));
  }
}
