package dev.tagstream.schemas;

/**
 * The schema registry gave no answer, refused our credentials, or failed. No record is at fault:
 * the same call may succeed later.
 */
public final class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
