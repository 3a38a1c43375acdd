package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against images turned by the definitions of the EXIF standard, pixel by pixel. */
class OrientationTest {

  private final ImagePreprocessor preprocessor =
      new ImagePreprocessor(PixelSpec.clip(32), ImageLimits.defaults(), true);
  private final ImagePreprocessor strict =
      new ImagePreprocessor(PixelSpec.clip(32), ImageLimits.defaults(), false);

  /** Wide, tall enough to be resampled by columns first, and small enough to be enlarged. */
  @ParameterizedTest
  @CsvSource({
    "1, 190, 90", "2, 190, 90", "3, 190, 90", "4, 190, 90", "5, 190, 90", "6, 190, 90",
    "7, 190, 90", "8, 190, 90", "1, 60, 401", "2, 60, 401", "3, 60, 401", "4, 60, 401",
    "5, 60, 401", "6, 60, 401", "7, 60, 401", "8, 60, 401", "5, 401, 60", "6, 401, 60",
    "7, 401, 60", "8, 401, 60", "5, 7, 3", "6, 7, 3", "7, 3, 7", "8, 3, 7"
  })
  void anOrientedImageIsPreparedLikeItsTurnedCopy(int orientation, int width, int height)
      throws IOException, ImageRejectedException {
    BufferedImage stored = MadeUpImages.image(width, height, orientation);
    byte[] png = MadeUpImages.png(stored);

    PreparedImage oriented = preprocessor.prepare(MadeUpImages.withOrientation(png, orientation));

    PreparedImage turned = strict.prepare(MadeUpImages.png(turned(stored, orientation)));
    assertThat(oriented.pixels()).isEqualTo(turned.pixels());
    assertThat(oriented.width()).isEqualTo(turned.width());
    assertThat(oriented.height()).isEqualTo(turned.height());
  }

  @Test
  void theSwitchLeavesTheImageAsItIsStored() throws IOException, ImageRejectedException {
    byte[] png = MadeUpImages.png(MadeUpImages.image(50, 40, 1));

    PreparedImage untouched = strict.prepare(MadeUpImages.withOrientation(png, 6));

    assertThat(untouched.pixels()).isEqualTo(strict.prepare(png).pixels());
    assertThat(untouched.width()).isEqualTo(50);
  }

  @Test
  void anOrientationThatTheStandardDoesNotKnowIsNone() throws IOException, ImageRejectedException {
    byte[] png = MadeUpImages.png(MadeUpImages.image(50, 40, 1));

    assertThat(preprocessor.prepare(MadeUpImages.withOrientation(png, 9)).pixels())
        .isEqualTo(preprocessor.prepare(png).pixels());
  }

  /** Where row 0 and column 0 of the stored image are seen, EXIF 2.32 table 6, tag 274. */
  private static BufferedImage turned(BufferedImage stored, int orientation) {
    int w = stored.getWidth();
    int h = stored.getHeight();
    boolean swapped = orientation >= 5;
    BufferedImage seen =
        new BufferedImage(swapped ? h : w, swapped ? w : h, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < h; row++) {
      for (int column = 0; column < w; column++) {
        int rgb = stored.getRGB(column, row);
        switch (orientation) {
          case 1 -> seen.setRGB(column, row, rgb);
          case 2 -> seen.setRGB(w - 1 - column, row, rgb);
          case 3 -> seen.setRGB(w - 1 - column, h - 1 - row, rgb);
          case 4 -> seen.setRGB(column, h - 1 - row, rgb);
          case 5 -> seen.setRGB(row, column, rgb);
          case 6 -> seen.setRGB(h - 1 - row, column, rgb);
          case 7 -> seen.setRGB(h - 1 - row, w - 1 - column, rgb);
          case 8 -> seen.setRGB(row, w - 1 - column, rgb);
          default -> throw new AssertionError(orientation);
        }
      }
    }
    return seen;
  }
}
