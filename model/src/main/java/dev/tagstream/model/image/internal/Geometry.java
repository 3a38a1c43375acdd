package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.PixelSpec.LongestEdge;
import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import org.jspecify.annotations.Nullable;

/**
 * One axis of resize and crop: which positions of the resized axis survive, and where they land.
 *
 * @param input positions before resizing
 * @param resized positions after resizing
 * @param output positions of the result
 * @param from first surviving position of the resized axis
 * @param to one past the last
 * @param offset where {@code from} lands in the result; more than 0 when the crop is padded
 */
record Geometry(int input, int resized, int output, int from, int to, int offset) {

  static Geometry horizontal(PixelSpec spec, int width, int height) {
    Size crop = spec.crop();
    return axis(
        spec, width, resizedSide(spec, width, height, true), crop == null ? null : crop.width());
  }

  static Geometry vertical(PixelSpec spec, int width, int height) {
    Size crop = spec.crop();
    return axis(
        spec, height, resizedSide(spec, width, height, false), crop == null ? null : crop.height());
  }

  private static Geometry axis(PixelSpec spec, int input, int resized, @Nullable Integer crop) {
    int output = crop == null ? resized : crop;
    int shift = spec.cropRounding().offset(resized - output);
    int from = Math.max(0, shift);
    int to = Math.min(resized, shift + output);
    return new Geometry(input, resized, output, from, to, from - shift);
  }

  private static int resizedSide(PixelSpec spec, int width, int height, boolean horizontal) {
    int own = horizontal ? width : height;
    if (spec.resize() instanceof ToSize fixed) {
      return horizontal ? fixed.size().width() : fixed.size().height();
    }
    if (spec.resize() instanceof ShortestEdge edge) {
      int shorter = Math.min(width, height);
      return own == shorter ? edge.pixels() : (int) ((long) edge.pixels() * own / shorter);
    }
    if (spec.resize() instanceof LongestEdge edge) {
      double ratio = Math.max(width, height) / (double) edge.pixels();
      return Math.max(1, (int) Math.rint(own / ratio));
    }
    return own;
  }
}
