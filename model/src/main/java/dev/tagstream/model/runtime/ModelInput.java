package dev.tagstream.model.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * A named input of one run. The runtime reads a direct buffer in place, so its contents must stay
 * as they are until the run has ended.
 */
public final class ModelInput {
  private final String name;
  private final Buffer data;
  private final DataType type;
  private final Shape shape;

  private ModelInput(String name, Buffer data, DataType type, Shape shape) {
    this.name = name;
    this.data = data;
    this.type = type;
    this.shape = shape;
  }

  /** Unsigned bytes from position 0 of a direct buffer, as many as {@code shape} holds. */
  public static ModelInput bytes(String name, ByteBuffer direct, long... shape) {
    Shape dimensions = new Shape(shape);
    ByteBuffer exact = direct.slice(0, Math.toIntExact(dimensions.size()));
    return new ModelInput(name, exact.order(ByteOrder.nativeOrder()), DataType.UINT8, dimensions);
  }

  /** 64-bit integers, row-major. */
  public static ModelInput longs(String name, long[] values, long... shape) {
    LongBuffer direct =
        ByteBuffer.allocateDirect(values.length * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .asLongBuffer()
            .put(values)
            .flip();
    return new ModelInput(name, direct, DataType.INT64, new Shape(shape));
  }

  NDArray toArray(NDManager manager) {
    NDArray array = manager.create(data, shape, type);
    array.setName(name);
    return array;
  }
}
