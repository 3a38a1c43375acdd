package dev.tagstream.model.image.internal;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;

/** The header of a BMP file; the JDK's reader decodes it. */
final class BmpFile {

  private static final int FILE_HEADER = 14;
  private static final int OS2_HEADER = 12;

  private BmpFile() {}

  static ImageHeader parse(byte[] file, ByteReader reader) throws ImageRejectedException {
    long headerSize = reader.u32(FILE_HEADER);
    int width;
    int height;
    if (headerSize == OS2_HEADER) {
      width = reader.u16(FILE_HEADER + 4);
      height = reader.u16(FILE_HEADER + 6);
    } else if (headerSize >= 40 && headerSize <= 124) {
      width = (int) reader.u32(FILE_HEADER + 4);
      height = (int) reader.u32(FILE_HEADER + 8);
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
        () -> decode(file, width, rows));
  }

  private static DecodedImage decode(byte[] file, int width, int height)
      throws IOException, ImageRejectedException {
    ImageReader bmpReader = JdkReaders.BMP.create();
    try {
      bmpReader.setInput(new ByteArrayImageInputStream(file), true, true);
      BufferedImage image = bmpReader.read(0);
      if (image.getWidth() != width || image.getHeight() != height) {
        throw new ImageRejectedException(
            ImageProblem.UNDECODABLE, "the BMP decoder returned an unexpected layout: " + image);
      }
      return RasterToRgb.convert(image);
    } finally {
      bmpReader.dispose();
    }
  }
}
