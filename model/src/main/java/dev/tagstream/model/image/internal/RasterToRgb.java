package dev.tagstream.model.image.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Samples of a raster to 8-bit RGB, as Pillow's {@code convert("RGB")} does it: no colour
 * management, alpha dropped, palettes looked up, gray repeated.
 */
final class RasterToRgb {

  private RasterToRgb() {}

  static DecodedImage convert(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    byte[] pixels = new byte[Math.multiplyExact(width * height, 3)];
    int bands = raster.getNumBands();
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      int out = y * width * 3;
      if (image.getColorModel() instanceof IndexColorModel palette) {
        lookUp(row, palette, pixels, out);
      } else {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < 3; c++) {
            int band = bands < 3 ? 0 : c;
            pixels[out++] = to8Bits(row[x * bands + band], raster, band);
          }
        }
      }
    }
    return DecodedImage.onHeap(pixels, width, height, 3, 0, 1, 2);
  }

  private static void lookUp(int[] row, IndexColorModel palette, byte[] pixels, int offset) {
    int out = offset;
    for (int index : row) {
      pixels[out++] = (byte) palette.getRed(index);
      pixels[out++] = (byte) palette.getGreen(index);
      pixels[out++] = (byte) palette.getBlue(index);
    }
  }

  private static byte to8Bits(int sample, Raster raster, int band) {
    int bits = raster.getSampleModel().getSampleSize(band);
    if (bits == 8) {
      return (byte) sample;
    }
    return raster.getTransferType() == DataBuffer.TYPE_USHORT && bits == 16
        ? (byte) (sample >> 8)
        : (byte) (sample * 255 / ((1 << bits) - 1));
  }
}
