package dev.tagstream.model.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * A checkpoint folder cannot be used. The message is one or two sentences for the person who chose
 * the folder: which file, what is wrong with it, and what to do.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    this(message, null);
  }

  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
