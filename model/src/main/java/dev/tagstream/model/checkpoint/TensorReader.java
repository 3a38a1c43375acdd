package dev.tagstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Reads numbers out of weights files. */
final class TensorReader {
  private TensorReader() {}

  /** The tensor's first number; for scalars such as the logit scale. */
  static float scalar(StoredTensor tensor) {
    try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
      return number(readFully(channel, tensor.offset(), tensor.type().bytes()), 0, tensor.type());
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + tensor.file() + ": " + e.getMessage(), e);
    }
  }

  /** A number out of little-endian bytes. */
  static float number(ByteBuffer bytes, int at, WeightType type) {
    return switch (type) {
      case F32 -> bytes.getFloat(at);
      case F16 -> HalfFloat.toFloat(bytes.getShort(at));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
    };
  }

  /** Fills the buffer from its position to its limit. */
  static void readFully(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
    long start = position - buffer.position();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, start + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
  }

  /** Little-endian bytes of a file, all of those asked for. */
  static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, position, buffer);
    return buffer.flip();
  }
}
