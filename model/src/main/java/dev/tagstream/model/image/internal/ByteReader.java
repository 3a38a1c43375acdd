package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bounded reads from a file in memory; reading past its end refuses the image. */
final class ByteReader {

  private final byte[] bytes;
  private final ImageFormat format;
  private final int start;
  private final int end;
  private final boolean bigEndian;

  ByteReader(byte[] bytes, ImageFormat format, ByteOrder order) {
    this(bytes, format, 0, bytes.length, order);
  }

  private ByteReader(byte[] bytes, ImageFormat format, int start, int end, ByteOrder order) {
    this.bytes = bytes;
    this.format = format;
    this.start = start;
    this.end = end;
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  /** A reader of part of this one, with positions counted from {@code position}. */
  ByteReader slice(int position, int length, ByteOrder order) throws ImageRejectedException {
    require(position, length);
    return new ByteReader(bytes, format, start + position, start + position + length, order);
  }

  int size() {
    return end - start;
  }

  byte[] copy(int position, int length) throws ImageRejectedException {
    require(position, length);
    return Arrays.copyOfRange(bytes, start + position, start + position + length);
  }

  int u8(int position) throws ImageRejectedException {
    require(position, 1);
    return bytes[start + position] & 0xff;
  }

  int u16(int position) throws ImageRejectedException {
    int first = u8(position);
    int second = u8(position + 1);
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  long u32(int position) throws ImageRejectedException {
    long first = u16(position);
    long second = u16(position + 2);
    return bigEndian ? first << 16 | second : second << 16 | first;
  }

  int u24(int position) throws ImageRejectedException {
    int low = u16(position);
    int last = u8(position + 2);
    return bigEndian ? low << 8 | last : last << 16 | low;
  }

  boolean has(long position, long length) {
    return position >= 0 && length >= 0 && position + length <= size();
  }

  /** Whether the ASCII text stands at this position; false where the file ends before. */
  boolean matches(int position, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    return has(position, wanted.length)
        && Arrays.equals(
            bytes, start + position, start + position + wanted.length, wanted, 0, wanted.length);
  }

  void require(long position, long length) throws ImageRejectedException {
    if (!has(position, length)) {
      throw new ImageRejectedException(
          ImageProblem.UNDECODABLE,
          "truncated "
              + format
              + ": the file has "
              + bytes.length
              + " bytes, but a structure in it reaches to byte "
              + (start + position + length));
    }
  }

  ImageRejectedException damaged(String what) {
    return new ImageRejectedException(ImageProblem.UNDECODABLE, "damaged " + format + ": " + what);
  }

  ImageRejectedException unsupported(String what) {
    return new ImageRejectedException(
        ImageProblem.UNSUPPORTED, what + " is not supported; re-encode the image");
  }
}
