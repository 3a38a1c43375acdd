package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageInfo;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.topology.labels.LabelSnapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one event: tagged or rejected, never both. */
sealed interface Verdict {

  /**
   * An embedded image.
   *
   * @param vector L2-normalised
   * @param labels the label sets in force when the event was taken up; knows all that it names
   * @param embeddedAt when the model had answered
   */
  @SuppressWarnings("ArrayRecordComponent") // handed once from the model to the encoder
  record Tagged(
      ImageEvent event, ImageInfo image, float[] vector, LabelSnapshot labels, Instant embeddedAt)
      implements Verdict {}

  /**
   * An event that can have no result.
   *
   * @param event null where the bytes were no event
   */
  record Rejected(@Nullable ImageEvent event, RejectReason reason, RejectStage stage, String detail)
      implements Verdict {}
}
