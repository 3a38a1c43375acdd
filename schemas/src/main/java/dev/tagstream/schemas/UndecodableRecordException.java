package dev.tagstream.schemas;

/** The bytes of a record are not a value of its topic. The message is one sentence for people. */
public final class UndecodableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  UndecodableRecordException(String message) {
    super(message);
  }

  UndecodableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
