package dev.tagstream.topology.embedded;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

/** An answer that is an error, in Confluent's form: an HTTP status and a finer code. */
final class RegistryError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;

  RegistryError(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static RegistryError of(RestClientException e) {
    // Confluent's exception appends its code to the message.
    String message = String.valueOf(e.getMessage()).replaceFirst("; error code: \\d+$", "");
    return new RegistryError(e.getStatus(), e.getErrorCode(), message);
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(404, 40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(String version) {
    return new RegistryError(404, 40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound() {
    return new RegistryError(404, 40403, "Schema not found");
  }

  static RegistryError levelNotConfigured(String subject) {
    return new RegistryError(
        404,
        40408,
        "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryError incompatible(String reasons) {
    return new RegistryError(
        409, 409, "Schema being registered is incompatible with an earlier schema: " + reasons);
  }

  static RegistryError invalidSchema(String reason) {
    return new RegistryError(422, 42201, "Invalid schema: " + reason);
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        422,
        42202,
        "The specified version '"
            + version
            + "' is not a valid version id. Allowed values are positive integers and \"latest\"");
  }

  static RegistryError invalidLevel(String allowed) {
    return new RegistryError(
        422, 42203, "Invalid compatibility level. Valid values are " + allowed);
  }

  static RegistryError invalidMode(String allowed) {
    return new RegistryError(422, 42204, "Invalid mode. Valid values are " + allowed);
  }

  static RegistryError readOnly() {
    return new RegistryError(422, 42205, "The registry is in read-only mode");
  }

  static RegistryError badRequest(String why) {
    return new RegistryError(400, 400, why);
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }
}
