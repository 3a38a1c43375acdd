package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;

/** The header of a BMP file; the JDK's reader decodes it. */
final class BmpFile {

  private static final int PIXELS_AT = 10;
  private static final int FILE_HEADER = 14;
  private static final int MOST_COLOURS = 65_536;
  private static final int OS2_HEADER = 12;

  /** The last kind of compression that holds rows of pixels; the next ones embed JPEG and PNG. */
  private static final int BIT_FIELDS = 3;

  private BmpFile() {}

  static ImageHeader parse(byte[] file, ByteReader reader) throws ImageRejectedException {
    // The JDK's reader allots whatever palette these two numbers leave room for.
    reader.require(0, reader.u32(PIXELS_AT));
    long headerSize = reader.u32(FILE_HEADER);
    int width;
    int height;
    if (headerSize == OS2_HEADER) {
      width = reader.u16(FILE_HEADER + 4);
      height = reader.u16(FILE_HEADER + 6);
    } else if (headerSize >= 40 && headerSize <= 124) {
      width = (int) reader.u32(FILE_HEADER + 4);
      height = (int) reader.u32(FILE_HEADER + 8);
      long compression = reader.u32(FILE_HEADER + 16);
      if (reader.u32(FILE_HEADER + 32) > MOST_COLOURS) {
        throw reader.damaged("a palette of " + reader.u32(FILE_HEADER + 32) + " colours");
      }
      if (compression > BIT_FIELDS) {
        throw reader.unsupported("BMP with compression " + compression);
      }
    } else {
      throw reader.damaged("a header of " + headerSize + " bytes");
    }
    if (width <= 0 || height == 0 || height == Integer.MIN_VALUE) {
      throw reader.damaged("a size of " + width + " x " + height);
    }
    int rows = Math.abs(height);
    return new ImageHeader(
        ImageFormat.BMP,
        width,
        rows,
        4,
        1,
        ExifOrientation.NORMAL,
        () -> JdkDecoder.BMP.decode(file, width, rows));
  }
}
