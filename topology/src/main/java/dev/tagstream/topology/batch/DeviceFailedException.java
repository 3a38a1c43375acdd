package dev.tagstream.topology.batch;

import org.jspecify.annotations.Nullable;

/** The device cannot run even a blank image, or the engine is closed; no image is to blame. */
public final class DeviceFailedException extends RuntimeException {

  public DeviceFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
