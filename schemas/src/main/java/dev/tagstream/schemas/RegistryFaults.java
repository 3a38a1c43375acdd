package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a failed question to the registry means: that what was asked for does not exist, or
 * that the registry could not be asked. Only the first may ever cost a record.
 */
final class RegistryFaults {
  // Confluent's error codes. A plain 404 is not among them: a wrong path or a proxy answers that.
  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int VERSION_NOT_FOUND = 40402;
  private static final int SCHEMA_NOT_FOUND = 40403;

  private final RegistryConfig config;

  RegistryFaults(RegistryConfig config) {
    this.config = config;
  }

  /** Whether the registry answered that it has no such subject, version or schema. */
  static boolean saysUnknown(Exception failure) {
    return failure instanceof RestClientException answer
        && (answer.getErrorCode() == SUBJECT_NOT_FOUND
            || answer.getErrorCode() == VERSION_NOT_FOUND
            || answer.getErrorCode() == SCHEMA_NOT_FOUND);
  }

  /**
   * Whether the registry answered with a schema that Confluent's client cannot parse: of another
   * type than Avro, or not well-formed. Asking for the schemas it refers to is part of parsing, so
   * an outage may be at the bottom of such a failure, and is not taken for it.
   */
  static boolean saysUnreadable(Exception failure) {
    boolean unreadable = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean invalid = String.valueOf(cause.getMessage()).startsWith("Invalid schema");
      if (cause instanceof RestClientException || (cause instanceof IOException && !invalid)) {
        return false;
      }
      unreadable |= invalid || cause instanceof AvroRuntimeException;
    }
    return unreadable;
  }

  /** The failed question behind an exception of a serializer, if there was one. */
  static @Nullable Exception questionBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RestClientException answer) {
        return answer;
      }
    }
    return null;
  }

  RegistryUnavailableException unavailable(Exception failure) {
    return new RegistryUnavailableException(
        "The schema registry at " + config.urlsForPeople() + " " + what(failure), failure);
  }

  private static String what(Exception failure) {
    if (failure instanceof RestClientException answer) {
      String status = "HTTP " + answer.getStatus() + ": " + answer.getMessage();
      return answer.getStatus() == 401 || answer.getStatus() == 403
          ? "refused our credentials (" + status + ")"
          : "failed (" + status + ")";
    }
    return "cannot be asked (" + failure + ")";
  }
}
