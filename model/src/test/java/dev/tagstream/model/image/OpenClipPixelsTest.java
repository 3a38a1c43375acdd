package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.image.PixelSpec.CropRounding;
import dev.tagstream.model.image.PixelSpec.LongestEdge;
import dev.tagstream.model.image.PixelSpec.Resize;
import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against what open_clip's preprocessing made of the same files in each of its resize modes; see
 * {@code src/test/python/make_open_clip_pixels_golden.py}.
 */
class OpenClipPixelsTest {

  static Stream<String> golden() throws IOException {
    return ImageFiles.table("open-clip.tsv").stream().map(row -> String.join(" ", row));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void everyPixelIsOpenClips(String row) throws ImageRejectedException {
    List<String> golden = List.of(row.split(" ", -1));

    assertThat(sha256(golden, CropRounding.HALF_EVEN)).isEqualTo(golden.get(4));
  }

  /** The control: another rounding of half a pixel is seen in some of the files. */
  @Test
  void theCropOfTransformersGivesOtherPixelsSomewhere() throws IOException {
    assertThat(golden())
        .anySatisfy(
            row -> {
              List<String> golden = List.of(row.split(" ", -1));
              assertThat(sha256(golden, CropRounding.DOWN)).isNotEqualTo(golden.get(4));
            });
  }

  private static String sha256(List<String> golden, CropRounding rounding)
      throws ImageRejectedException {
    int side = Integer.parseInt(golden.get(3));
    Size square = new Size(side, side);
    Resize resize =
        switch (golden.get(1)) {
          case "shortest" -> new ShortestEdge(side);
          case "longest" -> new LongestEdge(side);
          default -> new ToSize(square);
        };
    PixelSpec spec =
        new PixelSpec(
            resize,
            resize instanceof ToSize ? null : square,
            rounding,
            ResampleFilter.valueOf(golden.get(2).toUpperCase(Locale.ROOT)),
            1 / 255.0,
            PixelSpec.CLIP_MEAN,
            PixelSpec.CLIP_STD);
    ImagePreprocessor preprocessor = new ImagePreprocessor(spec, ImageLimits.defaults(), false);
    return ImageFiles.sha256(preprocessor.prepare(ImageFiles.read(golden.get(0))).pixels());
  }
}
