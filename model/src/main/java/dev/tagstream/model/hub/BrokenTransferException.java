package dev.tagstream.model.hub;

import org.jspecify.annotations.Nullable;

/** A transfer broke off before its end; what came is worth going on from. */
final class BrokenTransferException extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenTransferException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
