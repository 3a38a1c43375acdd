package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;

/** The RIFF chunks of a WebP file (RFC 9649). */
final class WebpFile {

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  private final ByteReader reader;
  private int width;
  private int height;
  private int frames;
  private int orientation = ExifOrientation.NORMAL;

  private WebpFile(ByteReader reader) {
    this.reader = reader;
  }

  static ImageHeader parse(byte[] file, ByteReader reader) throws ImageRejectedException {
    WebpFile webp = new WebpFile(reader);
    webp.read();
    return new ImageHeader(
        ImageFormat.WEBP,
        webp.width,
        webp.height,
        4,
        Math.max(1, webp.frames),
        webp.orientation,
        () -> SkijaDecoder.decode(file, webp.width, webp.height));
  }

  private void read() throws ImageRejectedException {
    long riff = reader.u32(4);
    reader.require(CHUNK_HEADER, riff);
    int end = CHUNK_HEADER + (int) riff;
    if (reader.matches(RIFF_HEADER, "VP8X")) {
      reader.require(RIFF_HEADER, CHUNK_HEADER + 10L);
      width = reader.u24(RIFF_HEADER + CHUNK_HEADER + 4) + 1;
      height = reader.u24(RIFF_HEADER + CHUNK_HEADER + 7) + 1;
      readChunks(end);
    } else {
      Size size = bitstreamSize(RIFF_HEADER);
      width = size.width;
      height = size.height;
    }
  }

  private void readChunks(int end) throws ImageRejectedException {
    int position = RIFF_HEADER;
    boolean image = false;
    while (position + CHUNK_HEADER <= end) {
      long length = reader.u32(position + 4);
      reader.require(position, CHUNK_HEADER + length);
      int body = position + CHUNK_HEADER;
      if (reader.matches(position, "ANMF")) {
        frames++;
        checkFrame(body);
        image = true;
      } else if (reader.matches(position, "VP8 ") || reader.matches(position, "VP8L")) {
        Size size = bitstreamSize(position);
        if (size.width != width || size.height != height) {
          throw reader.damaged("the image is " + size + " on a canvas of another size");
        }
        image = true;
      } else if (reader.matches(position, "EXIF")) {
        orientation =
            ExifOrientation.read(reader.slice(body, (int) length, ByteOrder.LITTLE_ENDIAN));
      }
      position = body + (int) (length + (length & 1));
    }
    if (!image) {
      throw reader.damaged("it has no image data");
    }
  }

  private void checkFrame(int body) throws ImageRejectedException {
    long right = 2L * reader.u24(body) + reader.u24(body + 6) + 1;
    long bottom = 2L * reader.u24(body + 3) + reader.u24(body + 9) + 1;
    if (right > width || bottom > height) {
      throw reader.damaged("a frame reaches beyond the canvas");
    }
  }

  private record Size(int width, int height) {
    @Override
    public String toString() {
      return width + " x " + height;
    }
  }

  private Size bitstreamSize(int chunk) throws ImageRejectedException {
    int body = chunk + CHUNK_HEADER;
    reader.require(chunk, CHUNK_HEADER + reader.u32(chunk + 4));
    if (reader.matches(chunk, "VP8 ")) {
      if (!reader.matches(body + 3, "\u009d\u0001*")) {
        throw reader.damaged("no key frame at the start");
      }
      return new Size(reader.u16(body + 6) & 0x3fff, reader.u16(body + 8) & 0x3fff);
    }
    if (reader.matches(chunk, "VP8L")) {
      if (reader.u8(body) != 0x2f) {
        throw reader.damaged("no lossless signature");
      }
      long bits = reader.u32(body + 1);
      return new Size((int) (bits & 0x3fff) + 1, (int) (bits >> 14 & 0x3fff) + 1);
    }
    throw reader.damaged("its first chunk holds no image");
  }
}
