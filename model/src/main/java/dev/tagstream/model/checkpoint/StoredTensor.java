package dev.tagstream.model.checkpoint;

import java.util.List;

/**
 * Where one weight lies.
 *
 * @param name the tensor's name in the file
 * @param type the stored number format
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param offset bytes from the start of the file (not of its data section); of no particular
 *     alignment
 * @param length bytes it takes
 */
public record StoredTensor(
    String name, WeightType type, List<Long> shape, long offset, long length) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** How many numbers it holds. */
  public long elements() {
    return length / type.bytes();
  }
}
