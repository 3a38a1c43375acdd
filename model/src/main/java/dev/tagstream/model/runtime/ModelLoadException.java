package dev.tagstream.model.runtime;

/** The runtime refuses a graph or its weights. */
public final class ModelLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
