package dev.tagstream.topology.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded broker could not start; the message is one sentence that says what to do. */
public final class EmbeddedBrokerException extends RuntimeException {

  public EmbeddedBrokerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
