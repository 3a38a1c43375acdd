package dev.tagstream.model.runtime;

import java.util.List;

/**
 * A run failed inside the runtime, or gave no numbers: the device, its memory or the range of the
 * format it computes in, not the input's form, is at fault.
 */
public final class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The runtime has no code for it: its arena, CUDA, cuBLAS, cuDNN and C++ each say it so. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("Failed to allocate memory", "out of memory", "ALLOC_FAILED", "bad_alloc");

  private final boolean outOfMemory;

  InferenceException(String message) {
    super(message);
    this.outOfMemory = false;
  }

  InferenceException(String message, Throwable cause) {
    super(message, cause);
    this.outOfMemory = OUT_OF_MEMORY.stream().anyMatch(message::contains);
  }

  /** Whether the device's memory did not suffice, so that a smaller batch might do. */
  public boolean outOfMemory() {
    return outOfMemory;
  }
}
