package dev.tagstream.model.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one weight lies.
 *
 * @param name the tensor's name in the file, with the rows in brackets where it is a part of one
 * @param type the stored number format
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param file the real file it lies in, symbolic links resolved
 * @param offset bytes from the start of the file (not of its data section); of no particular
 *     alignment
 * @param length bytes it takes
 * @param transposed whether the file holds a matrix column by column, that is as {@code [columns,
 *     rows]}; {@code shape} stays {@code [rows, columns]}
 */
public record StoredTensor(
    String name,
    WeightType type,
    List<Long> shape,
    Path file,
    long offset,
    long length,
    boolean transposed) {

  public StoredTensor {
    shape = List.copyOf(shape);
    if (transposed && shape.size() != 2) {
      throw new IllegalArgumentException("Only a matrix can lie transposed, not " + shape);
    }
  }

  /** How many numbers it holds. */
  public long elements() {
    return length / type.bytes();
  }

  /** The dimensions in the order in which the file holds them. */
  public List<Long> storedShape() {
    return transposed ? List.of(shape.get(1), shape.get(0)) : shape;
  }

  /** The same bytes read as the transposed matrix. */
  StoredTensor transpose() {
    return new StoredTensor(
        name, type, List.of(shape.get(1), shape.get(0)), file, offset, length, !transposed);
  }

  /** One of several equal parts along the outermost dimension, where it lies. */
  StoredTensor part(int index, int parts) {
    long rows = shape.get(0) / parts;
    List<Long> partShape = new ArrayList<>(shape);
    partShape.set(0, rows);
    String rowsName = name + "[" + index * rows + ":" + (index + 1) * rows + "]";
    long bytes = length / parts;
    return new StoredTensor(
        rowsName, type, partShape, file, offset + index * bytes, bytes, transposed);
  }
}
