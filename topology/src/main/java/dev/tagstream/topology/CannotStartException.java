package dev.tagstream.topology;

import java.util.List;

/** Something outside the configuration file keeps the application from starting. */
public final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * Collects problems.
   *
   * @param problems one sentence each, saying what to do
   */
  public CannotStartException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
