package dev.tagstream.model.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pickle as its instructions take them. Every method throws {@link
 * BufferUnderflowException} where the pickle ends too early, before it takes memory for what is not
 * there.
 */
final class PickleInput {
  private final String file;
  private final ByteBuffer in;

  /**
   * Reads from the first byte.
   *
   * @param file its name, for messages
   */
  PickleInput(String file, byte[] pickle) {
    this.file = file;
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** From 0 to 255. */
  int oneByte() {
    return Byte.toUnsignedInt(in.get());
  }

  /** From 0 to 65535. */
  int twoBytes() {
    return Short.toUnsignedInt(in.getShort());
  }

  /** With its sign. */
  int fourBytes() {
    return in.getInt();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  /**
   * A whole number in so many bytes, with its sign.
   *
   * @throws CheckpointException if it is larger than any size or offset
   */
  long number(int bytes) {
    if (bytes > Long.BYTES) {
      throw TorchNames.refused(file, "holds a number of " + bytes + " bytes");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long next = i == bytes - 1 ? in.get() : Byte.toUnsignedLong(in.get());
      value |= next << (8 * i);
    }
    return value;
  }

  /** UTF-8. */
  String text(int bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[bytes];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** To the end of the line, a byte a character. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (byte next = in.get(); next != '\n'; next = in.get()) {
      line.append((char) Byte.toUnsignedInt(next));
    }
    return line.toString();
  }
}
