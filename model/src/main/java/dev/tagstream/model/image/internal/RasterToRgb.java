package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * Samples of an ImageIO raster to 8-bit RGB, as Pillow's decoders and {@code convert("RGB")} do it:
 * no colour management, alpha dropped, palettes looked up, gray repeated.
 */
final class RasterToRgb {

  private RasterToRgb() {}

  /**
   * The pixels of an image, in place where they already are bytes of gray or RGB.
   *
   * @param premultiplied whether colour is stored multiplied by alpha, which the image itself may
   *     not say
   * @throws ImageRejectedException if the image is not of the size its header gave
   */
  static DecodedImage convert(BufferedImage image, int width, int height, boolean premultiplied)
      throws ImageRejectedException {
    if (image.getWidth() != width || image.getHeight() != height) {
      throw new ImageRejectedException(
          ImageProblem.UNDECODABLE,
          "the decoder sees "
              + image.getWidth()
              + " x "
              + image.getHeight()
              + " pixels, the header says "
              + width
              + " x "
              + height);
    }
    DecodedImage inPlace = premultiplied ? null : inPlace(image);
    return inPlace != null ? inPlace : copy(image, premultiplied);
  }

  private static @Nullable DecodedImage inPlace(BufferedImage image) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean plain = image.getColorModel().getColorSpace().getType() != ColorSpace.TYPE_CMYK;
    if (!plain
        || image.getColorModel() instanceof IndexColorModel
        || raster.getParent() != null
        || !(raster.getSampleModel() instanceof PixelInterleavedSampleModel layout)
        || layout.getScanlineStride() != image.getWidth() * layout.getPixelStride()
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)) {
      return null;
    }
    int[] offsets = layout.getBandOffsets();
    return DecodedImage.onHeap(
        buffer.getData(),
        image.getWidth(),
        image.getHeight(),
        layout.getPixelStride(),
        offsets[0],
        offsets[bands < 3 ? 0 : 1],
        offsets[bands < 3 ? 0 : 2]);
  }

  private static DecodedImage copy(BufferedImage image, boolean premultiplied) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    byte[] pixels = new byte[Math.multiplyExact(width * height, 3)];
    int[] row = new int[width * raster.getNumBands()];
    RowConverter converter = converter(image, premultiplied);
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      converter.convert(row, pixels, y * width * 3);
    }
    return DecodedImage.onHeap(pixels, width, height, 3, 0, 1, 2);
  }

  /** Writes one row of samples as RGB, beginning at an offset. */
  private interface RowConverter {
    void convert(int[] row, byte[] pixels, int offset);
  }

  private static RowConverter converter(BufferedImage image, boolean premultiplied) {
    ColorModel colours = image.getColorModel();
    int bands = image.getRaster().getNumBands();
    if (colours instanceof IndexColorModel palette) {
      return (row, pixels, offset) -> lookUp(row, palette, pixels, offset);
    }
    int[] bits = image.getRaster().getSampleModel().getSampleSize();
    if (colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK && bands >= 4) {
      return (row, pixels, offset) -> fromCmyk(row, bands, bits[0] - 8, pixels, offset);
    }
    if (bands < 3) {
      boolean wide = bits[0] > 8;
      return (row, pixels, offset) -> fromGray(row, bands, wide ? 0 : bits[0], pixels, offset);
    }
    if (premultiplied && bands == 4 && bits[3] == 8) {
      return (row, pixels, offset) -> fromPremultiplied(row, pixels, offset);
    }
    return (row, pixels, offset) -> fromRgb(row, bands, bits, pixels, offset);
  }

  private static void lookUp(int[] row, IndexColorModel palette, byte[] pixels, int offset) {
    int out = offset;
    for (int index : row) {
      pixels[out++] = (byte) palette.getRed(index);
      pixels[out++] = (byte) palette.getGreen(index);
      pixels[out++] = (byte) palette.getBlue(index);
    }
  }

  /** Ink to light without a profile: (255 - C) (255 - K) / 255, rounded. */
  private static void fromCmyk(int[] row, int bands, int shift, byte[] pixels, int offset) {
    int out = offset;
    for (int i = 0; i < row.length; i += bands) {
      int light = 255 - (row[i + 3] >> shift);
      for (int c = 0; c < 3; c++) {
        int product = (row[i + c] >> shift) * light + 128;
        pixels[out++] = (byte) (light - ((product + (product >> 8)) >> 8));
      }
    }
  }

  /**
   * Pillow keeps gray of more than 8 bits as it is and clips it to 255 on the way to RGB, which
   * turns most such images white. That is what the reference implementation embeds, so it is done
   * here too.
   *
   * @param bits of a sample, or 0 for more than 8
   */
  private static void fromGray(int[] row, int bands, int bits, byte[] pixels, int offset) {
    int out = offset;
    for (int i = 0; i < row.length; i += bands) {
      byte gray = (byte) (bits == 0 ? Math.max(0, Math.min(255, row[i])) : widen(row[i], bits));
      pixels[out++] = gray;
      pixels[out++] = gray;
      pixels[out++] = gray;
    }
  }

  private static void fromPremultiplied(int[] row, byte[] pixels, int offset) {
    int out = offset;
    for (int i = 0; i < row.length; i += 4) {
      int alpha = row[i + 3];
      for (int c = 0; c < 3; c++) {
        pixels[out++] = (byte) (alpha == 0 ? 0 : Math.min(255, row[i + c] * 255 / alpha));
      }
    }
  }

  private static void fromRgb(int[] row, int bands, int[] bits, byte[] pixels, int offset) {
    int out = offset;
    for (int i = 0; i < row.length; i += bands) {
      for (int c = 0; c < 3; c++) {
        int sample = row[i + c];
        pixels[out++] = (byte) (bits[c] > 8 ? sample >> (bits[c] - 8) : widen(sample, bits[c]));
      }
    }
  }

  private static int widen(int sample, int bits) {
    return bits == 8 ? sample : sample * 255 / ((1 << bits) - 1);
  }
}
