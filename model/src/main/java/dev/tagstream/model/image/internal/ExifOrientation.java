package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;

/** Finds the orientation tag in an EXIF block, which is a small TIFF file. */
final class ExifOrientation {

  static final int NORMAL = 1;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;

  private ExifOrientation() {}

  /**
   * The orientation an EXIF block asks for.
   *
   * @param exif an EXIF block, with or without the {@code Exif\0\0} prefix
   * @return 1 to 8; 1 when the block is damaged or says nothing, for a picture is not refused over
   *     its metadata
   */
  static int read(ByteReader exif) {
    try {
      ByteReader tiff =
          exif.matches(0, "Exif\0\0") ? exif.slice(6, exif.size() - 6, ByteOrder.BIG_ENDIAN) : exif;
      if (!tiff.matches(0, "MM") && !tiff.matches(0, "II")) {
        return NORMAL;
      }
      ByteOrder order = tiff.matches(0, "MM") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      tiff = tiff.slice(0, tiff.size(), order);
      long directory = tiff.u32(4);
      tiff.require(directory, 2);
      int entries = tiff.u16((int) directory);
      for (int i = 0; i < entries; i++) {
        int entry = (int) directory + 2 + 12 * i;
        if (tiff.u16(entry) == TAG) {
          return tiff.u16(entry + 2) == SHORT ? valid(tiff.u16(entry + 8)) : NORMAL;
        }
      }
      return NORMAL;
    } catch (ImageRejectedException damagedMetadata) {
      return NORMAL;
    }
  }

  static int valid(long value) {
    return value >= 1 && value <= 8 ? (int) value : NORMAL;
  }
}
