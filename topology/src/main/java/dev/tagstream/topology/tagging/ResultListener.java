package dev.tagstream.topology.tagging;

import dev.tagstream.events.RejectReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what became of each event once its results are the producer's. Called on stream threads,
 * which must not be held up; throws nothing. A record that is read again after a fault is heard of
 * again, although a {@code read_committed} consumer sees its results once.
 */
public interface ResultListener {

  /** Hears and does nothing. */
  ResultListener NONE =
      new ResultListener() {
        @Override
        public void tagged(Instant occurredAt, List<TopLabel> labels) {}

        @Override
        public void rejected(RejectReason reason, @Nullable Instant occurredAt) {}
      };

  /**
   * The most probable label of an image in one set.
   *
   * @param label its id; null if none passed its threshold
   */
  record TopLabel(String labelSet, @Nullable String label) {}

  /** An embedding and these labels were written, one for each set that the event names. */
  void tagged(Instant occurredAt, List<TopLabel> labels);

  /**
   * A reject was written.
   *
   * @param occurredAt null where the bytes were no event
   */
  void rejected(RejectReason reason, @Nullable Instant occurredAt);
}
