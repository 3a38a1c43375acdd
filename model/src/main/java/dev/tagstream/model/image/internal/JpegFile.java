package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;

/**
 * The segments of a JPEG file (ITU-T T.81 annex B), and a copy of it that holds only those that
 * decide its pixels.
 *
 * <p>Left out are colour profiles, which the reference ignores too, thumbnails, and every other
 * application segment but the two by which libjpeg tells the colour space: JFIF and Adobe.
 */
final class JpegFile {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int COM = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  /** Every scan visits every block, so a small file of very many scans would cost minutes. */
  private static final int MAX_SCANS = 50;

  private final ByteReader reader;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int orientation = ExifOrientation.NORMAL;
  private int sof;
  private int width;
  private int height;
  private int components;

  private JpegFile(ByteReader reader) {
    this.reader = reader;
  }

  static ImageHeader parse(ByteReader reader) throws ImageRejectedException {
    JpegFile file = new JpegFile(reader);
    int scanAt = file.readSegments();
    if (file.components == 0) {
      throw reader.damaged("no frame header before the first scan");
    }
    file.requireEnd(scanAt);
    file.limitScans(scanAt);
    byte[] plain = file.plainCopy(scanAt);
    return new ImageHeader(
        ImageFormat.JPEG,
        file.width,
        file.height,
        4,
        1,
        file.orientation,
        () -> SkijaDecoder.decode(plain, file.width, file.height));
  }

  /** Refuses a JPEG inside another file whose own frame is larger than its place there. */
  static void requireFrameWithin(ByteReader reader, int width, int height)
      throws ImageRejectedException {
    JpegFile file = new JpegFile(reader);
    file.readSegments();
    if (file.width > width || file.height > height) {
      throw reader.damaged("a JPEG of " + file.width + " x " + file.height + " inside it");
    }
  }

  /** Returns the position of the first scan's marker. */
  private int readSegments() throws ImageRejectedException {
    int position = 2;
    while (true) {
      while (reader.u8(position) != 0xff || reader.u8(position + 1) == 0xff) {
        position++;
      }
      int marker = reader.u8(position + 1);
      if (marker == SOS) {
        return position;
      }
      if (marker == EOI) {
        throw reader.damaged("it ends before its first scan");
      }
      if (marker <= 0x01 || (marker >= 0xd0 && marker <= SOI)) {
        position += 2;
        continue;
      }
      int length = reader.u16(position + 2);
      if (length < 2) {
        throw reader.damaged("a segment of length " + length);
      }
      reader.require(position, 2L + length);
      readSegment(marker, position, reader.slice(position + 4, length - 2, ByteOrder.BIG_ENDIAN));
      position += 2 + length;
    }
  }

  private void readSegment(int marker, int position, ByteReader body)
      throws ImageRejectedException {
    if (isFrameHeader(marker)) {
      readFrameHeader(marker, body);
    } else if (marker == APP1
        && orientation == ExifOrientation.NORMAL
        && body.matches(0, "Exif\0\0")) {
      orientation = ExifOrientation.read(body);
    }
    boolean application = marker == COM || (marker & 0xf0) == APP0;
    boolean tellsColourSpace =
        (marker == APP0 && body.matches(0, "JFIF\0"))
            || (marker == APP14 && body.matches(0, "Adobe"));
    if (!application || tellsColourSpace) {
      kept.writeBytes(reader.copy(position, 4 + body.size()));
    }
  }

  private static boolean isFrameHeader(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private void readFrameHeader(int marker, ByteReader body) throws ImageRejectedException {
    if (marker > 0xc2) {
      throw reader.unsupported(
          marker == 0xc3 ? "lossless JPEG" : "arithmetic-coded or hierarchical JPEG");
    }
    if (sof != 0) {
      throw reader.damaged("it has two frame headers");
    }
    int precision = body.u8(0);
    if (precision != 8) {
      throw reader.unsupported("JPEG with " + precision + " bits a sample");
    }
    sof = marker;
    height = body.u16(1);
    width = body.u16(3);
    components = body.u8(5);
    if (components != 1 && components != 3 && components != 4) {
      throw reader.unsupported("JPEG with " + components + " components");
    }
  }

  /** libjpeg fills what is missing with gray; the reference refuses a file without its end. */
  private void requireEnd(int scanAt) throws ImageRejectedException {
    for (int i = reader.size() - 2; i > scanAt; i--) {
      if (reader.u8(i) == 0xff && reader.u8(i + 1) == EOI) {
        return;
      }
    }
    throw reader.damaged("it is truncated, for it has no end marker");
  }

  private void limitScans(int scanAt) throws ImageRejectedException {
    boolean onePass = sof != 0xc2 && reader.u8(scanAt + 4) == components;
    int scans = 0;
    for (int i = scanAt; !onePass && i + 1 < reader.size(); i++) {
      if (reader.u8(i) == 0xff && reader.u8(i + 1) == SOS && ++scans > MAX_SCANS) {
        throw reader.damaged("it has more than " + MAX_SCANS + " scans");
      }
    }
  }

  private byte[] plainCopy(int scanAt) throws ImageRejectedException {
    int scanBytes = reader.size() - scanAt;
    ByteArrayOutputStream copy = new ByteArrayOutputStream(2 + kept.size() + scanBytes);
    copy.write(0xff);
    copy.write(SOI);
    copy.writeBytes(kept.toByteArray());
    copy.writeBytes(reader.copy(scanAt, scanBytes));
    return copy.toByteArray();
  }
}
