package dev.tagstream.topology.embedded;

/** The embedded registry could not start; the message is one sentence that says what to do. */
public final class EmbeddedRegistryException extends RuntimeException {

  public EmbeddedRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
