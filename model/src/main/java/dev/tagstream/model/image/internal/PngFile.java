package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The chunks of a PNG file (PNG specification, third edition), and a copy of it that holds only
 * those that carry pixels.
 *
 * <p>Left out are colour profiles and gamma, which the reference ignores too and which inflate to
 * any size; {@code tRNS}, for transparency is dropped and not blended; and an APNG's later frames.
 */
final class PngFile {

  private static final int CHUNK_OVERHEAD = 12;
  private static final byte[] END = HexFormat.of().parseHex("0000000049454e44ae426082");

  private final ByteReader reader;
  private final ByteArrayOutputStream plain;
  private int width;
  private int height;

  /** Gray of 16 bits, of which Skia gives the upper 8 and the reference wants all. */
  private boolean deepGray;

  private long frames = 1;
  private int orientation = ExifOrientation.NORMAL;

  private PngFile(ByteReader reader) {
    this.reader = reader;
    this.plain = new ByteArrayOutputStream(reader.size());
  }

  static ImageHeader parse(ByteReader reader) throws ImageRejectedException {
    PngFile file = new PngFile(reader);
    file.readChunks();
    byte[] plain = file.plain.toByteArray();
    return new ImageHeader(
        ImageFormat.PNG,
        file.width,
        file.height,
        4,
        (int) Math.min(file.frames, Integer.MAX_VALUE),
        file.orientation,
        file.deepGray
            ? () -> JdkDecoder.PNG.decode(plain, file.width, file.height)
            : () -> SkijaDecoder.decode(plain, file.width, file.height));
  }

  private void readChunks() throws ImageRejectedException {
    if (!reader.matches(12, "IHDR") || reader.u32(8) != 13) {
      throw reader.damaged("it does not start with a header chunk");
    }
    readHeader(16);
    plain.writeBytes(reader.copy(0, 8 + CHUNK_OVERHEAD + 13));
    int position = 8 + CHUNK_OVERHEAD + 13;
    boolean pixels = false;
    while (reader.has(position, CHUNK_OVERHEAD)) {
      long length = reader.u32(position);
      reader.require(position, CHUNK_OVERHEAD + length);
      int whole = CHUNK_OVERHEAD + (int) length;
      if (reader.matches(position + 4, "IEND")) {
        break;
      }
      if (reader.matches(position + 4, "IDAT") || reader.matches(position + 4, "PLTE")) {
        pixels |= reader.matches(position + 4, "IDAT");
        plain.writeBytes(reader.copy(position, whole));
      } else if (reader.matches(position + 4, "eXIf")) {
        orientation =
            ExifOrientation.read(reader.slice(position + 8, (int) length, ByteOrder.BIG_ENDIAN));
      } else if (reader.matches(position + 4, "acTL") && length == 8) {
        frames = Math.max(1, reader.u32(position + 8));
      }
      position += whole;
    }
    if (!pixels) {
      throw reader.damaged("it has no image data");
    }
    plain.writeBytes(END);
  }

  private void readHeader(int at) throws ImageRejectedException {
    long wide = reader.u32(at);
    long high = reader.u32(at + 4);
    if (wide > Integer.MAX_VALUE || high > Integer.MAX_VALUE) {
      throw reader.damaged("a size of " + wide + " x " + high);
    }
    width = (int) wide;
    height = (int) high;
    int bits = reader.u8(at + 8);
    int colourType = reader.u8(at + 9);
    boolean valid =
        switch (colourType) {
          case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
          case 2, 4, 6 -> bits == 8 || bits == 16;
          case 3 -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          default -> false;
        };
    if (!valid) {
      throw reader.damaged("colour type " + colourType + " with " + bits + " bits");
    }
    deepGray = colourType == 0 && bits == 16;
  }
}
