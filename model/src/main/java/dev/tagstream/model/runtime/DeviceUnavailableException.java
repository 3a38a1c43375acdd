package dev.tagstream.model.runtime;

import org.jspecify.annotations.Nullable;

/** The device that was asked for cannot be used here; the message says what to do. */
public final class DeviceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
