package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what Pillow 13.0.0 made of the same files; see {@code src/test/python}. */
class PillowParityTest {

  private final ImagePreprocessor turned =
      new ImagePreprocessor(PixelSpec.clip(224), ImageLimits.defaults(), true);
  private final ImagePreprocessor strict =
      new ImagePreprocessor(PixelSpec.clip(224), ImageLimits.defaults(), false);

  static Stream<String> goldenFiles() throws IOException {
    return ImageFiles.table("golden.tsv").stream().map(row -> String.join(" ", row));
  }

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void everyPixelOfTheFileIsPillows(String row) throws ImageRejectedException {
    List<String> golden = List.of(row.split(" "));

    PreparedImage image = turned.prepare(ImageFiles.read(golden.get(0)));

    assertThat(image.width() + " x " + image.height())
        .isEqualTo(golden.get(1) + " x " + golden.get(2));
    assertThat(ImageFiles.sha256(image.pixels())).isEqualTo(golden.get(3));
    assertThat(ImageFiles.sha256(strict.prepare(ImageFiles.read(golden.get(0))).pixels()))
        .as("without orientation")
        .isEqualTo(golden.get(4));
  }

  @Test
  void theGoldenFilesCoverEveryFormatAndEveryOrientation() throws IOException {
    List<String> names = ImageFiles.names();

    assertThat(names).hasSizeGreaterThan(150);
    assertThat(names.stream().map(name -> name.substring(name.indexOf('.') + 1)))
        .contains("jpg", "png", "webp", "gif", "bmp", "tif");
    assertThat(ImageFiles.table("golden.tsv").stream().map(row -> row.get(0)))
        .contains("orientation-1.jpg", "orientation-8.jpg", "orientation-5.webp")
        .hasSize(names.size() - 1);
  }

  @Test
  void anUncompressedYcbcrTiffIsDecodedWithinOneStepOfPillow()
      throws IOException, ImageRejectedException {
    PixelSpec asDecoded = spec(new ToSize(new Size(37, 29)), null, ResampleFilter.BICUBIC);

    byte[] pixels =
        new ImagePreprocessor(asDecoded, ImageLimits.defaults(), true)
            .prepare(ImageFiles.read("ycbcr.tif"))
            .pixels();

    byte[] pillow = ImageFiles.near("ycbcr.tif");
    assertThat(pixels).hasSameSizeAs(pillow);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(Math.abs((pixels[i] & 0xff) - (pillow[i] & 0xff))).isLessThanOrEqualTo(1);
    }
  }

  static Stream<String> resampled() throws IOException {
    return ImageFiles.table("resampled.tsv").stream().map(row -> String.join(" ", row));
  }

  @ParameterizedTest
  @MethodSource("resampled")
  void resamplingGivesPillowsBits(String row) throws IOException, ImageRejectedException {
    List<String> golden = List.of(row.split(" "));
    int[] numbers =
        Stream.of(0, 1, 2, 4, 5).mapToInt(i -> Integer.parseInt(golden.get(i))).toArray();
    byte[] png = MadeUpImages.png(MadeUpImages.image(numbers[0], numbers[1], numbers[2]));
    PixelSpec spec = spec(golden.get(3), numbers[3], ResampleFilter.ofPillow(numbers[4]));

    PreparedImage image = new ImagePreprocessor(spec, ImageLimits.defaults(), true).prepare(png);

    assertThat(ImageFiles.sha256(image.pixels())).isEqualTo(golden.get(6));
  }

  @Test
  void everyFilterIsAmongTheResampledImages() throws IOException {
    assertThat(
            ImageFiles.table("resampled.tsv").stream()
                .map(row -> row.get(5))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
  }

  private static PixelSpec spec(String how, int side, ResampleFilter filter) {
    return switch (how) {
      case "shortest" -> spec(new ShortestEdge(side), new Size(side, side), filter);
      case "padded" -> spec(null, new Size(side, side), filter);
      case "both" -> spec(new ToSize(new Size(side, side / 2 + 1)), null, filter);
      default -> throw new AssertionError(how);
    };
  }

  private static PixelSpec spec(
      PixelSpec.@Nullable Resize resize, @Nullable Size crop, ResampleFilter filter) {
    return new PixelSpec(resize, crop, filter, 1 / 255.0, PixelSpec.CLIP_MEAN, PixelSpec.CLIP_STD);
  }
}
