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
      ByteBuffer value = readFully(channel, tensor.offset(), tensor.type().bytes());
      return switch (tensor.type()) {
        case F32 -> value.getFloat(0);
        case F16 -> HalfFloat.toFloat(value.getShort(0));
        case BF16 -> Float.intBitsToFloat(value.getShort(0) << 16);
      };
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + tensor.file() + ": " + e.getMessage(), e);
    }
  }

  /** Little-endian bytes of a file, all of those asked for. */
  static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }
}
