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
 * NaN. So does a number that becomes infinite when it is converted to the format that a model
 * computes in. All of the weights are read, a block at a time on every core, eight bytes at once.
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

  private record Block(StoredTensor tensor, WeightType target, long begin, int bytes) {}

  /**
   * Checks every number of every tensor.
   *
   * @param target the format that the numbers are converted to
   * @throws CheckpointException naming the first tensor, in their order, with one that is not
   *     finite, or would not be in that format
   */
  static void require(Collection<StoredTensor> tensors, WeightType target) {
    List<Block> blocks = new ArrayList<>();
    for (StoredTensor tensor : tensors) {
      for (long begin = 0; begin < tensor.length(); begin += BLOCK_BYTES) {
        int bytes = (int) Math.min(BLOCK_BYTES, tensor.length() - begin);
        blocks.add(new Block(tensor, target, begin, bytes));
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
      return allBelow(lowestRefused(block), bytes.flip(), buffers.words(), tensor.type())
          ? Optional.empty()
          : Optional.of(described(block, bytes));
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + tensor.file() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The bits of the least positive number that is refused; those of any greater one, of infinity
   * and of NaN are greater when they are read as an integer.
   */
  private static int lowestRefused(Block block) {
    boolean narrowed = block.target() == WeightType.F16;
    return switch (block.tensor().type()) {
      case F32 -> Float.floatToRawIntBits(narrowed ? HalfFloat.OVERFLOW : Float.POSITIVE_INFINITY);
      case F16 -> 0x7c00;
      // Has fewer digits than F16: of its numbers, those from 65536 on are out of F16's range.
      case BF16 -> narrowed ? 0x4780 : 0x7f80;
    };
  }

  /**
   * What lacks to the place of the sign is added to every number without its sign. It carries into
   * that place, and never beyond, if the number is not below the limit; so two or four numbers are
   * looked at in one addition without touching each other.
   */
  private static boolean allBelow(int limit, ByteBuffer bytes, long[] words, WeightType type) {
    boolean wide = type == WeightType.F32;
    long signs = wide ? 0x80000000_80000000L : 0x8000_8000_8000_8000L;
    long step = wide ? 0x80000000L - limit : 0x8000L - limit;
    long lacking = step * (wide ? 0x00000001_00000001L : 0x0001_0001_0001_0001L);
    int count = bytes.limit() / Long.BYTES;
    bytes.asLongBuffer().get(words, 0, count);
    long seen = 0;
    for (int i = 0; i < count; i++) {
      seen |= (words[i] & ~signs) + lacking;
    }
    for (int at = count * Long.BYTES; at < bytes.limit(); at += type.bytes()) {
      seen |= magnitude(bytes, at, type) < limit ? 0 : signs;
    }
    return (seen & signs) == 0;
  }

  /** The bits of a number without its sign. */
  private static int magnitude(ByteBuffer bytes, int at, WeightType type) {
    return type == WeightType.F32
        ? bytes.getInt(at) & Integer.MAX_VALUE
        : bytes.getShort(at) & Short.MAX_VALUE;
  }

  private static String described(Block block, ByteBuffer bytes) {
    StoredTensor tensor = block.tensor();
    int size = tensor.type().bytes();
    int limit = lowestRefused(block);
    int at = 0;
    while (magnitude(bytes, at, tensor.type()) < limit) {
      at += size;
    }
    float number = TensorReader.number(bytes, at, tensor.type());
    return tensor.file().getFileName()
        + ": number "
        + (block.begin() + at) / size
        + " of tensor "
        + tensor.name()
        + " is "
        + number
        + (Float.isFinite(number)
            ? ", and F16 reaches to 65504 only. This checkpoint has to be computed in F32:"
                + " model.compute=f32, or --compute f32."
            : ". Weights with such numbers give no embeddings: download the checkpoint again, or"
                + " another one.");
  }
}
