package dev.tagstream.topology.client;

/** A picture does not fit an event; the message names it, its size and the limit. */
public final class PictureTooLargeException extends Exception {
  private static final long serialVersionUID = 1L;

  PictureTooLargeException(String message) {
    super(message);
  }
}
