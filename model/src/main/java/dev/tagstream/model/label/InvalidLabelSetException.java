package dev.tagstream.model.label;

/** A label set that cannot be used; the message says what is wrong and what is allowed. */
public final class InvalidLabelSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidLabelSetException(String message) {
    super(message);
  }
}
