package dev.tagstream.topology.cli;

/** A command cannot do what it was asked to; the message is all the user sees. */
final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit code of a command that was used well and failed. */
  static final int FAILED = 1;

  /** The exit code of wrong use. */
  static final int WRONG_USE = 2;

  private final int exitCode;

  private CliFailure(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  static CliFailure failed(String message) {
    return new CliFailure(message, FAILED);
  }

  static CliFailure wrongUse(String message) {
    return new CliFailure(message, WRONG_USE);
  }

  int exitCode() {
    return exitCode;
  }
}
