package dev.tagstream.model.hub;

import org.jspecify.annotations.Nullable;

/**
 * A model cannot be fetched, or what the store holds cannot be used. The message is for the person
 * who asked for it: what happened and what to do.
 */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HubException(String message) {
    this(message, null);
  }

  public HubException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
