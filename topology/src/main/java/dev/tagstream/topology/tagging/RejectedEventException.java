package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import org.jspecify.annotations.Nullable;

/**
 * Ends one event's way with a {@link Verdict.Rejected}. Unchecked because it crosses futures; never
 * leaves this package.
 */
final class RejectedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Verdict.Rejected verdict;

  RejectedEventException(
      @Nullable ImageEvent event, RejectReason reason, RejectStage stage, String detail) {
    // Rejects may be many and are no surprise: no stack trace.
    super(detail, null, false, false);
    this.verdict = new Verdict.Rejected(event, reason, stage, detail);
  }

  Verdict.Rejected verdict() {
    return verdict;
  }
}
