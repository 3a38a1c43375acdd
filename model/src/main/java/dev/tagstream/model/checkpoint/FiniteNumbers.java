package dev.tagstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Looks for numbers that are none: a single NaN or infinity in the weights turns every embedding to
 * NaN. All of the weights are read, a block at a time on every core, eight bytes at once.
 */
final class FiniteNumbers {
  /** Fits a core's own cache twice, and is a multiple of every number's size. */
  private static final int BLOCK_BYTES = 256 << 10;

  /** What a thread reads into and looks at, block after block. */
  @SuppressWarnings("ArrayRecordComponent") // a buffer, never compared
  private record Buffers(ByteBuffer bytes, long[] words) {}

  private static final ThreadLocal<Buffers> BUFFERS =
      ThreadLocal.withInitial(
          () ->
              new Buffers(
                  ByteBuffer.allocateDirect(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN),
                  new long[BLOCK_BYTES / Long.BYTES]));

  private FiniteNumbers() {}

  private record Block(StoredTensor tensor, long begin, int bytes) {}

  /**
   * Checks every number of every tensor.
   *
   * @throws CheckpointException naming the first tensor, in their order, with one that is not
   *     finite
   */
  static void require(Collection<StoredTensor> tensors) {
    List<Block> blocks = new ArrayList<>();
    for (StoredTensor tensor : tensors) {
      for (long begin = 0; begin < tensor.length(); begin += BLOCK_BYTES) {
        int bytes = (int) Math.min(BLOCK_BYTES, tensor.length() - begin);
        blocks.add(new Block(tensor, begin, bytes));
      }
    }
    blocks.parallelStream()
        .map(FiniteNumbers::problem)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            problem -> {
              throw new CheckpointException(problem);
            });
  }

  private static Optional<String> problem(Block block) {
    StoredTensor tensor = block.tensor();
    try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
      Buffers buffers = BUFFERS.get();
      ByteBuffer bytes = buffers.bytes().clear().limit(block.bytes());
      TensorReader.readFully(channel, tensor.offset() + block.begin(), bytes);
      return allFinite(bytes.flip(), buffers.words(), tensor.type())
          ? Optional.empty()
          : Optional.of(described(block, bytes));
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + tensor.file() + ": " + e.getMessage(), e);
    }
  }

  /**
   * A number is finite unless all bits of its exponent are set. Then, and only then, adding one to
   * the exponent's lowest bit carries into the sign's place, once the sign is masked away; so two
   * or four numbers are looked at in one addition without touching each other.
   */
  private static boolean allFinite(ByteBuffer bytes, long[] words, WeightType type) {
    long lowest =
        switch (type) {
          case F32 -> 0x00800000_00800000L;
          case F16 -> 0x0400_0400_0400_0400L;
          case BF16 -> 0x0080_0080_0080_0080L;
        };
    long signs = type == WeightType.F32 ? 0x80000000_80000000L : 0x8000_8000_8000_8000L;
    int count = bytes.limit() / Long.BYTES;
    bytes.asLongBuffer().get(words, 0, count);
    long seen = 0;
    for (int i = 0; i < count; i++) {
      seen |= (words[i] & ~signs) + lowest;
    }
    for (int at = count * Long.BYTES; at < bytes.limit(); at += type.bytes()) {
      seen |= Float.isFinite(TensorReader.number(bytes, at, type)) ? 0 : signs;
    }
    return (seen & signs) == 0;
  }

  private static String described(Block block, ByteBuffer bytes) {
    StoredTensor tensor = block.tensor();
    int size = tensor.type().bytes();
    int at = 0;
    while (Float.isFinite(TensorReader.number(bytes, at, tensor.type()))) {
      at += size;
    }
    return tensor.file().getFileName()
        + ": number "
        + (block.begin() + at) / size
        + " of tensor "
        + tensor.name()
        + " is "
        + TensorReader.number(bytes, at, tensor.type())
        + ". Weights with such numbers give no embeddings: download the checkpoint again, or"
        + " another one.";
  }
}
