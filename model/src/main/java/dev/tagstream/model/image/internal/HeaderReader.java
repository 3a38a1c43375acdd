package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Tells the format by its first bytes, reads the header and holds it against the limits. */
public final class HeaderReader {

  private HeaderReader() {}

  /**
   * Reads and checks a file's header. No decoder and no native code runs.
   *
   * @throws ImageRejectedException for an unknown format, a damaged header, or a limit exceeded
   */
  public static ImageHeader read(byte[] file, ImageLimits limits) throws ImageRejectedException {
    if (file.length > limits.maxBytes()) {
      throw new ImageRejectedException(
          ImageProblem.TOO_LARGE,
          "the file has " + file.length + " bytes; at most " + limits.maxBytes() + " are allowed");
    }
    ImageHeader header =
        switch (sniff(file)) {
          case JPEG -> JpegFile.parse(reader(file, ImageFormat.JPEG, ByteOrder.BIG_ENDIAN));
          case PNG -> PngFile.parse(reader(file, ImageFormat.PNG, ByteOrder.BIG_ENDIAN));
          case WEBP ->
              WebpFile.parse(file, reader(file, ImageFormat.WEBP, ByteOrder.LITTLE_ENDIAN));
          case GIF -> GifFile.parse(reader(file, ImageFormat.GIF, ByteOrder.LITTLE_ENDIAN));
          case BMP -> BmpFile.parse(file, reader(file, ImageFormat.BMP, ByteOrder.LITTLE_ENDIAN));
          case TIFF -> TiffFile.parse(file, limits.maxFrames());
        };
    check(header, limits);
    return header;
  }

  private static ByteReader reader(byte[] file, ImageFormat format, ByteOrder order) {
    return new ByteReader(file, format, order);
  }

  private static ImageFormat sniff(byte[] file) throws ImageRejectedException {
    if (startsWith(file, 0, "\u00ff\u00d8\u00ff")) {
      return ImageFormat.JPEG;
    }
    if (startsWith(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return ImageFormat.PNG;
    }
    if (startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP")) {
      return ImageFormat.WEBP;
    }
    if (startsWith(file, 0, "GIF87a") || startsWith(file, 0, "GIF89a")) {
      return ImageFormat.GIF;
    }
    if (startsWith(file, 0, "BM")) {
      return ImageFormat.BMP;
    }
    if (startsWith(file, 0, "II*\0")
        || startsWith(file, 0, "MM\0*")
        || startsWith(file, 0, "II+\0")
        || startsWith(file, 0, "MM\0+")) {
      return ImageFormat.TIFF;
    }
    throw new ImageRejectedException(
        ImageProblem.UNKNOWN_FORMAT,
        file.length == 0
            ? "the image is empty"
            : "not a JPEG, PNG, WebP, GIF, BMP or TIFF file: it starts with " + firstBytes(file));
  }

  private static boolean startsWith(byte[] file, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    int end = at + wanted.length;
    return file.length >= end && Arrays.equals(file, at, end, wanted, 0, wanted.length);
  }

  private static String firstBytes(byte[] file) {
    return HexFormat.ofDelimiter(" ").formatHex(file, 0, Math.min(8, file.length));
  }

  private static void check(ImageHeader header, ImageLimits limits) throws ImageRejectedException {
    String size = header.format() + " of " + header.width() + " x " + header.height() + " pixels";
    if (header.width() < 1 || header.height() < 1) {
      throw new ImageRejectedException(ImageProblem.UNDECODABLE, "damaged " + size);
    }
    if (Math.max(header.width(), header.height()) > ImageLimits.MAX_SIDE) {
      throw new ImageRejectedException(
          ImageProblem.TOO_MANY_PIXELS, size + ": a side may have at most " + ImageLimits.MAX_SIDE);
    }
    long pixels = (long) header.width() * header.height();
    if (pixels > limits.maxPixels()) {
      throw new ImageRejectedException(
          ImageProblem.TOO_MANY_PIXELS,
          size + ": at most " + limits.maxPixels() + " pixels are allowed");
    }
    if (pixels * header.sampleBytes() > limits.maxPixels() * 4) {
      throw new ImageRejectedException(
          ImageProblem.TOO_MANY_PIXELS,
          size
              + " at "
              + header.sampleBytes()
              + " bytes each: at most "
              + limits.maxPixels() * 4
              + " bytes are allowed");
    }
    if (header.frames() > limits.maxFrames()) {
      throw new ImageRejectedException(
          ImageProblem.TOO_MANY_FRAMES,
          header.format() + " with more than " + limits.maxFrames() + " frames");
    }
  }
}
