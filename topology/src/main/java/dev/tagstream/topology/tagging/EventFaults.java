package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.PoisonImageException;
import dev.tagstream.topology.tagging.StageClock.Stage;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a fault of the event, which becomes its reject, from one of this machine, which stays the
 * failure that it is. Thread-safe.
 */
final class EventFaults {
  private static final Logger LOG = LoggerFactory.getLogger(EventFaults.class);

  private final StageClock stages;

  EventFaults(StageClock stages) {
    this.stages = stages;
  }

  /**
   * Runs a step that depends on nothing but the event, so that whatever it throws is the event's
   * fault or a defect that this event brings out: either way it costs this event alone.
   */
  <T> T isolating(
      InputRecord record,
      @Nullable ImageEvent event,
      RejectStage stage,
      Stage timedAs,
      Supplier<T> step) {
    try {
      return stages.time(timedAs, step);
    } catch (RejectedEventException | RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      RecordFields.add(LOG.atError(), record)
          .setCause(e)
          .log("Unexpected failure at stage {}; the event is rejected", stage);
      throw new RejectedEventException(event, RejectReason.UNKNOWN, stage, "unexpected: " + e);
    }
  }

  /** Why an image's bytes could not be had. */
  static CompletionException ofSource(ImageEvent event, Throwable failure, Duration deadline) {
    return completion(
        cause(failure) instanceof TimeoutException
            ? new RejectedEventException(
                event,
                RejectReason.SOURCE_TIMEOUT,
                RejectStage.RESOLVE,
                "the image was not read within " + deadline)
            : failure);
  }

  /** Why the batch engine gave no vector. */
  static CompletionException ofModel(ImageEvent event, Throwable failure) {
    return completion(
        cause(failure) instanceof PoisonImageException poison
            ? new RejectedEventException(
                event,
                RejectReason.MODEL_REJECTED_IMAGE,
                RejectStage.MODEL,
                String.valueOf(poison.getMessage()))
            : failure);
  }

  /**
   * The event's reject.
   *
   * @throws CompletionException with the failure if it is none of the event
   */
  static Verdict reject(Throwable failure) {
    if (cause(failure) instanceof RejectedEventException rejected) {
      return rejected.verdict();
    }
    throw completion(failure);
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static CompletionException completion(Throwable failure) {
    return failure instanceof CompletionException completion
        ? completion
        : new CompletionException(failure);
  }
}
