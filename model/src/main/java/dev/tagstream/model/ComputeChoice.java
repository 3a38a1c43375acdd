package dev.tagstream.model;

import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.runtime.RunDevice;
import java.util.Locale;

/** The number format that a model is asked to compute in. */
public enum ComputeChoice {
  /** What is fast on the device: F16 on CUDA, F32 on a CPU. */
  AUTO,

  /** 32-bit floats on any device; what ONNX Runtime for CUDA may multiply as TF32. */
  F32,

  /**
   * 16-bit floats on any device. A CPU only emulates it, and gains neither time nor memory by it:
   * to try out there what a GPU will compute.
   */
  F16;

  /**
   * Reads {@code auto}, {@code f32} or {@code f16}.
   *
   * @throws IllegalArgumentException for anything else, with what is allowed
   */
  public static ComputeChoice parse(String text) {
    for (ComputeChoice choice : values()) {
      if (choice.toString().equals(text)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "compute is \"" + text + "\"; it has to be auto, f32 or f16");
  }

  /** The choice of this format and no other. */
  static ComputeChoice of(ComputeType type) {
    return switch (type) {
      case F32 -> F32;
      case F16, F16_EMULATED -> F16;
    };
  }

  /** What it comes down to on a device. */
  public ComputeType on(RunDevice device) {
    return switch (this) {
      case AUTO -> device.isCuda() ? ComputeType.F16 : ComputeType.F32;
      case F32 -> ComputeType.F32;
      case F16 -> device.isCuda() ? ComputeType.F16 : ComputeType.F16_EMULATED;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
