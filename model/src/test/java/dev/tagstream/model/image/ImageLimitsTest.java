package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and that a header alone is enough to refuse it: these files hold no pixels. */
class ImageLimitsTest {

  @ParameterizedTest
  @CsvSource({
    "JPEG, 50000, ffd8 ffc0 0011 08 c350 c350 03 011100 021100 031100 ffda 000c 03 0100 0211 0311"
        + " 003f00 ffd9",
    "WEBP, 16384, 52494646 12000000 57454250 5650384c 05000000 2fffffff0f 00",
    "GIF, 50000, 474946383961 50c3 50c3 000000 2c 0000 0000 0a00 0a00 00 02 00 3b",
    "BMP, 50000, 424d 00000000 00000000 36000000 28000000 50c30000 50c30000 0100 1800 00000000"
        + " 00000000 00000000 00000000 00000000 00000000"
  })
  void aFewBytesThatAnnounceBillionsOfPixelsAreRefusedByTheirHeader(
      String format, String side, String hex) {
    byte[] bomb = HexFormat.of().parseHex(hex.replace(" ", ""));

    ImageRejectedException refusal = refusal(bomb, ImageLimits.defaults());

    assertThat(refusal.problem()).isEqualTo(ImageProblem.TOO_MANY_PIXELS);
    assertThat(refusal).hasMessageContaining(format + " of " + side + " x " + side + " pixels");
  }

  @Test
  void aPngOfOneHundredMegapixelsIsRefusedBeforeItIsInflated() {
    byte[] png = ImageFiles.read("type2-8bit.png");
    ByteBuffer.wrap(png).putInt(16, 10_000).putInt(20, 10_000);

    assertThat(refusal(png, ImageLimits.defaults()).problem())
        .isEqualTo(ImageProblem.TOO_MANY_PIXELS);
  }

  @Test
  void aTiffOfDeepSamplesCountsTheBytesThatItsPixelsTake() {
    byte[] tiff = ImageFiles.read("rgb16.tif");
    long pixels = 37 * 29;

    assertThat(refusal(tiff, new ImageLimits(1 << 20, pixels, 1)))
        .hasMessageContaining("6 bytes each");
    assertThatCode(() -> prepare(tiff, new ImageLimits(1 << 20, pixels * 2, 1)))
        .doesNotThrowAnyException();
  }

  @Test
  void anImageOfExactlyTheLimitsPassesAndOneOfAPixelMoreDoesNot() {
    byte[] file = ImageFiles.read("gray.jpg");
    long pixels = 45 * 37;

    assertThatCode(() -> prepare(file, new ImageLimits(file.length, pixels, 1)))
        .doesNotThrowAnyException();
    assertThat(refusal(file, new ImageLimits(file.length, pixels - 1, 1)).problem())
        .isEqualTo(ImageProblem.TOO_MANY_PIXELS);
    assertThat(refusal(file, new ImageLimits(file.length - 1, pixels, 1)).problem())
        .isEqualTo(ImageProblem.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"animated.gif", "animated.png", "animated.webp", "two-pages.tif"})
  void framesAreCountedThoughOnlyTheFirstIsDecoded(String name) {
    byte[] file = ImageFiles.read(name);

    assertThat(refusal(file, new ImageLimits(1 << 20, 1 << 20, 1)).problem())
        .isEqualTo(ImageProblem.TOO_MANY_FRAMES);
    assertThatCode(() -> prepare(file, new ImageLimits(1 << 20, 1 << 20, 3)))
        .doesNotThrowAnyException();
  }

  @Test
  void otherBytesAreRefusedAsAnUnknownFormatWithHowTheyStart() {
    assertThat(refusal("<svg></svg>".getBytes(StandardCharsets.US_ASCII), ImageLimits.defaults()))
        .hasMessageContaining("3c 73 76 67")
        .extracting(ImageRejectedException::problem)
        .isEqualTo(ImageProblem.UNKNOWN_FORMAT);
    assertThat(refusal(new byte[0], ImageLimits.defaults())).hasMessage("the image is empty");
  }

  @Test
  void aChunkLongerThanTheFileIsRefusedWithWhereItWouldEnd() {
    byte[] png = ImageFiles.read("type2-8bit.png");
    ByteBuffer.wrap(png).putInt(33, 0x7fff_ffff);

    assertThat(refusal(png, ImageLimits.defaults()))
        .hasMessageContaining("truncated PNG")
        .hasMessageContaining(String.valueOf(33L + 12 + 0x7fff_ffff));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sampling-420-45x37.jpg",
        "progressive-q60.jpg",
        "cmyk.jpg",
        "cmyk-progressive.jpg",
        "type6-8bit.png",
        "lossy-45x37.webp",
        "lossless-45x37.webp",
        "256-colours.gif",
        "rgb.bmp",
        "rgb-none.tif"
      })
  void aFileCutShortIsRefusedWhereverItIsCut(String name) {
    byte[] file = ImageFiles.read(name);
    for (int percent : new int[] {1, 10, 30, 60, 90}) {
      byte[] cut = Arrays.copyOf(file, file.length * percent / 100);

      assertThat(refusal(cut, ImageLimits.defaults()))
          .as("%s cut to %d %%", name, percent)
          .isNotNull();
    }
  }

  @Test
  void aBmpWithAPaletteLargerThanItsFileIsRefused() {
    byte[] bmp = ImageFiles.read("palette.bmp");
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(46, 0x7fff_ffff);

    assertThat(refusal(bmp, ImageLimits.defaults())).hasMessageContaining("2147483647 colours");
  }

  @Test
  void aJpegOfVeryManyScansIsRefused() {
    byte[] file = ImageFiles.read("progressive-q60.jpg");
    int scan = indexOf(file, 0xda);
    ByteBuffer many = ByteBuffer.allocate(file.length + 51 * 10);
    many.put(file, 0, scan);
    for (int i = 0; i < 51; i++) {
      many.put(file, scan, 10);
    }
    many.put(file, scan, file.length - scan);

    assertThat(refusal(many.array(), ImageLimits.defaults()))
        .hasMessageContaining("more than 50 scans");
  }

  @Test
  void aTiffCannotHideALargerJpeg() {
    byte[] tiff = ImageFiles.read("jpeg.tif");
    int frame = indexOf(tiff, 0xc0);
    ByteBuffer.wrap(tiff).order(ByteOrder.BIG_ENDIAN).putShort(frame + 5, (short) 60_000);

    assertThat(refusal(tiff, ImageLimits.defaults())).hasMessageContaining("60000 inside it");
  }

  @Test
  void aVariantThatNoDecoderReadsIsCalledUnsupported() {
    byte[] arithmetic = ImageFiles.read("gray.jpg");
    arithmetic[indexOf(arithmetic, 0xc0) + 1] = (byte) 0xc9;

    ImageRejectedException refusal = refusal(arithmetic, ImageLimits.defaults());

    assertThat(refusal.problem()).isEqualTo(ImageProblem.UNSUPPORTED);
    assertThat(refusal).hasMessageContaining("arithmetic-coded");
  }

  @Test
  void limitsThatAllowNothingAreRefusedWithTheirName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageLimits(0, 1, 1))
        .withMessageContaining("maxBytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageLimits(1, 1L << 40, 1))
        .withMessageContaining("maxPixels");
  }

  private static int indexOf(byte[] file, int marker) {
    for (int i = 0; i + 1 < file.length; i++) {
      if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == marker) {
        return i;
      }
    }
    throw new AssertionError("no marker " + marker);
  }

  private static PreparedImage prepare(byte[] file, ImageLimits limits)
      throws ImageRejectedException {
    return new ImagePreprocessor(PixelSpec.clip(32), limits, true).prepare(file);
  }

  private static ImageRejectedException refusal(byte[] file, ImageLimits limits) {
    return catchThrowableOfType(ImageRejectedException.class, () -> prepare(file, limits));
  }
}
