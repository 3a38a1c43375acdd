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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code preprocessor_config.json}, or the {@code image_processor} object of {@code
 * processor_config.json}, where newer releases of transformers keep it. Absent fields take the
 * defaults of {@code CLIPImageProcessor}.
 */
final class PreprocessingReader {
  private static final int MAX_SIDE = 4096;
  private static final int BICUBIC = 3;
  private static final List<String> STEPS =
      List.of("do_convert_rgb", "do_resize", "do_center_crop", "do_rescale", "do_normalize");

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
    refuseOtherSwitches(config);
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

  /** A step that is switched on but not known would be left out without a word. */
  private static void refuseOtherSwitches(JsonSection config) {
    for (Map.Entry<String, JsonNode> field : config.node().properties()) {
      String key = field.getKey();
      boolean isSwitch = key.startsWith("do_") || key.startsWith("use_");
      if (isSwitch && !STEPS.contains(key) && field.getValue().asBoolean(false)) {
        throw config.refusal(
            key, "false or left out: the steps known are " + String.join(", ", STEPS));
      }
    }
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
    Set<String> keys = new TreeSet<>();
    sides.node().properties().stream()
        .filter(side -> !side.getValue().isNull())
        .forEach(side -> keys.add(side.getKey()));
    if (!keys.equals(Set.of("shortest_edge")) && !keys.equals(Set.of("height", "width"))) {
      throw config.refusal("size", "a number, {\"shortest_edge\"} or {\"height\", \"width\"}");
    }
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
