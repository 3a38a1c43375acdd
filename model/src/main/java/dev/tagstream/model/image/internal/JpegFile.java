package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The segments of a JPEG file (ITU-T T.81 annex B), and a copy of it without the application
 * segments.
 *
 * <p>The JDK's reader chokes on some ICC profiles and thumbnails, applies others, and guesses the
 * colour space from the component numbers where neither JFIF nor Adobe says it. The copy holds none
 * of these: the colour space is settled here, by the rules of libjpeg that Pillow goes by, and said
 * in one Adobe segment.
 */
final class JpegFile {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int COM = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int NO_TRANSFORM = 0;
  private static final int YCC = 1;
  private static final int UNSAID = -1;

  /** Every scan visits every block, so a small file of very many scans would cost minutes. */
  private static final int MAX_SCANS = 100;

  private final ByteReader reader;
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private boolean jfif;
  private int adobeTransform = UNSAID;
  private int orientation = ExifOrientation.NORMAL;
  private int sof;
  private int width;
  private int height;
  private int[] componentIds = {};

  private JpegFile(ByteReader reader) {
    this.reader = reader;
  }

  static ImageHeader parse(ByteReader reader) throws ImageRejectedException {
    JpegFile file = new JpegFile(reader);
    int scanAt = file.readSegments();
    if (file.componentIds.length == 0) {
      throw reader.damaged("no frame header before the first scan");
    }
    file.requireEnd(scanAt);
    file.limitScans(scanAt);
    int components = file.componentIds.length;
    byte[] plain = file.plainCopy(scanAt);
    return new ImageHeader(
        ImageFormat.JPEG,
        file.width,
        file.height,
        4,
        1,
        file.orientation,
        components == 4
            ? () -> SkijaDecoder.decode(plain, file.width, file.height)
            : () -> JdkDecoder.JPEG.decode(plain, file.width, file.height));
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
    if (marker == APP0) {
      jfif |= body.size() >= 12 && body.matches(0, "JFIF\0");
    } else if (marker == APP14) {
      if (body.size() >= 12 && body.matches(0, "Adobe")) {
        adobeTransform = body.u8(11);
      }
    } else if (marker == APP1) {
      if (orientation == ExifOrientation.NORMAL && body.matches(0, "Exif\0\0")) {
        orientation = ExifOrientation.read(body);
      }
    } else if (marker == COM || (marker & 0xf0) == 0xe0) {
      return;
    } else {
      if (isFrameHeader(marker)) {
        readFrameHeader(marker, body);
      }
      tables.writeBytes(reader.copy(position, 4 + body.size()));
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
    int components = body.u8(5);
    if (components != 1 && components != 3 && components != 4) {
      throw reader.unsupported("JPEG with " + components + " components");
    }
    componentIds = new int[components];
    for (int i = 0; i < components; i++) {
      componentIds[i] = body.u8(6 + 3 * i);
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
    boolean onePass = sof != 0xc2 && reader.u8(scanAt + 4) == componentIds.length;
    int scans = 0;
    for (int i = scanAt; !onePass && i + 1 < reader.size(); i++) {
      if (reader.u8(i) == 0xff && reader.u8(i + 1) == SOS && ++scans > MAX_SCANS) {
        throw reader.damaged("it has more than " + MAX_SCANS + " scans");
      }
    }
  }

  private byte[] plainCopy(int scanAt) throws ImageRejectedException {
    int scanBytes = reader.size() - scanAt;
    ByteArrayOutputStream copy = new ByteArrayOutputStream(tables.size() + scanBytes + 32);
    copy.write(0xff);
    copy.write(SOI);
    if (componentIds.length == 3) {
      writeAdobe(copy, isYcc() ? YCC : NO_TRANSFORM);
    } else if (componentIds.length == 4 && adobeTransform != UNSAID) {
      writeAdobe(copy, adobeTransform);
    }
    copy.writeBytes(tables.toByteArray());
    copy.writeBytes(reader.copy(scanAt, scanBytes));
    return copy.toByteArray();
  }

  /** libjpeg's order of trust: JFIF, then Adobe, then component numbers that spell RGB. */
  private boolean isYcc() {
    if (jfif || adobeTransform > NO_TRANSFORM) {
      return true;
    }
    return adobeTransform == UNSAID && !Arrays.equals(componentIds, new int[] {'R', 'G', 'B'});
  }

  private static void writeAdobe(ByteArrayOutputStream out, int transform) {
    byte[] body = {0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    out.write(0xff);
    out.write(APP14);
    out.writeBytes(body);
  }
}
