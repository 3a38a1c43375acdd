package dev.tagstream.model.image;

import org.jspecify.annotations.Nullable;

/** One image cannot be prepared, for a reason that lies in its own bytes. Never a fault of ours. */
public final class ImageRejectedException extends Exception {

  private static final long serialVersionUID = 1;

  private final ImageProblem problem;

  public ImageRejectedException(ImageProblem problem, String detail) {
    this(problem, detail, null);
  }

  public ImageRejectedException(ImageProblem problem, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.problem = problem;
  }

  public ImageProblem problem() {
    return problem;
  }
}
