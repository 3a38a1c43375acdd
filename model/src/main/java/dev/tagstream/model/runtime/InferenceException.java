package dev.tagstream.model.runtime;

/** A run failed inside the runtime: the device or its memory, not the input's form, is at fault. */
public final class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
