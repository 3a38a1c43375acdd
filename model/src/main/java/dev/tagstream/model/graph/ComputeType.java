package dev.tagstream.model.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tagstream.model.checkpoint.WeightType;

/** The number format of weights and activations while a tower runs. */
public enum ComputeType {
  /** 32-bit floats throughout. */
  F32(WeightType.F32, DataType.FLOAT),

  /**
   * 16-bit floats, which reach to 65504. Layer norms' statistics, sums within a matrix product and
   * the length of an embedding are the runtime's or the graph's 32-bit floats all the same.
   */
  F16(WeightType.F16, DataType.FLOAT16),

  /**
   * What {@link #F16} computes, on a device that has no matrix products of that kind: weights, and
   * results between operators, are rounded to 16 bits, products computed in 32. ONNX Runtime's own
   * 16-bit product on an x86 CPU also adds up in 16 bits, and takes a hundred times as long.
   */
  F16_EMULATED(WeightType.F16, DataType.FLOAT16);

  private final WeightType weights;
  private final DataType onnx;

  ComputeType(WeightType weights, DataType onnx) {
    this.weights = weights;
    this.onnx = onnx;
  }

  /** The same as a format of weights: those stored in it are used where they lie. */
  public WeightType weights() {
    return weights;
  }

  @Override
  public String toString() {
    return this == F16_EMULATED ? "F16 emulated" : name();
  }

  DataType onnx() {
    return onnx;
  }
}
