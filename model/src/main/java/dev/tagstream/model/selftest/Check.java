package dev.tagstream.model.selftest;

/**
 * One thing that was looked at.
 *
 * @param name what
 * @param detail what was found, with numbers, or why it was not looked at
 */
public record Check(String name, Outcome outcome, String detail) {

  /** How it went. */
  public enum Outcome {
    PASSED,
    /** The model computes something else than it should. */
    FAILED,
    /**
     * Not what one expects of a general model, though one of another subject may be like that; or
     * not what somebody published whom nobody has repeated.
     */
    DOUBTFUL,
    /** Could not be looked at here. */
    SKIPPED
  }

  static Check of(String name, boolean passed, String detail) {
    return new Check(name, passed ? Outcome.PASSED : Outcome.FAILED, detail);
  }
}
