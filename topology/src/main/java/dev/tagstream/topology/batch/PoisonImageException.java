package dev.tagstream.topology.batch;

import org.jspecify.annotations.Nullable;

/** This one image makes the device fail, alone as in a batch, while a blank one does not. */
public final class PoisonImageException extends RuntimeException {

  public PoisonImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
