package dev.tagstream.model.checkpoint;

import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.PixelSpec.CropRounding;
import dev.tagstream.model.image.PixelSpec.LongestEdge;
import dev.tagstream.model.image.PixelSpec.Resize;
import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import dev.tagstream.model.image.ResampleFilter;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code preprocess_cfg} of {@code open_clip_config.json}, with the defaults of OpenCLIP's
 * {@code PreprocessCfg}. Images come out in the size of the image tower, as there.
 */
final class OpenClipPreprocessing {
  private static final Set<String> KEYS =
      Set.of("size", "mode", "mean", "std", "interpolation", "resize_mode");

  private OpenClipPreprocessing() {}

  static PixelSpec read(JsonSection root, int imageSize) {
    JsonSection config = root.section("preprocess_cfg");
    config.refuseKeysBeyond(KEYS);
    config.refuseTextBeyond("mode", "RGB");
    if (config.integer("size", 1, 4096, imageSize) != imageSize) {
      throw config.refusal("size", "model_cfg.vision_cfg.image_size, which is " + imageSize);
    }
    List<Double> std = config.numbers("std", 3, PixelSpec.CLIP_STD);
    if (std.stream().anyMatch(value -> value <= 0)) {
      throw config.refusal("std", "three numbers above 0");
    }
    Resize resize = resize(config, imageSize);
    Size crop = resize instanceof ToSize ? null : new Size(imageSize, imageSize);
    return new PixelSpec(
        resize,
        crop,
        CropRounding.HALF_EVEN,
        filter(config),
        1 / 255.,
        config.numbers("mean", 3, PixelSpec.CLIP_MEAN),
        std);
  }

  private static Resize resize(JsonSection config, int imageSize) {
    String mode = config.text("resize_mode", "shortest");
    return switch (mode) {
      case "shortest" -> new ShortestEdge(imageSize);
      case "longest" -> new LongestEdge(imageSize);
      case "squash" -> new ToSize(new Size(imageSize, imageSize));
      default -> throw config.refusal("resize_mode", "shortest, longest or squash");
    };
  }

  private static ResampleFilter filter(JsonSection config) {
    String name = config.text("interpolation", "bicubic");
    return switch (name) {
      case "bicubic" -> ResampleFilter.BICUBIC;
      case "bilinear" -> ResampleFilter.BILINEAR;
      default -> throw config.refusal("interpolation", "bicubic or bilinear");
    };
  }
}
