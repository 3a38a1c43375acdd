package dev.tagstream.schemas;

/** A record cannot be written because its schema is not registered under its topic's subject. */
public final class SchemaNotRegisteredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String subject;

  SchemaNotRegisteredException(String subject, String recordName, Throwable cause) {
    super(
        "Subject "
            + subject
            + " lacks this version's schema of "
            + recordName
            + "; register it with: tagstream schemas register",
        cause);
    this.subject = subject;
  }

  /** The subject that lacks the schema. */
  public String subject() {
    return subject;
  }
}
