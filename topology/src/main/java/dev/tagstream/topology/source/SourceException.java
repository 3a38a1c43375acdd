package dev.tagstream.topology.source;

/** The image's bytes could not be had; the fault is the event's or its source's, not ours. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final SourceProblem problem;

  public SourceException(SourceProblem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public SourceProblem problem() {
    return problem;
  }
}
