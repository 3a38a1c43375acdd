package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.ModelIdentity;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.events.ScoredLabel;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import dev.tagstream.topology.tagging.ResultListener.TopLabel;
import dev.tagstream.topology.tagging.Verdict.Rejected;
import dev.tagstream.topology.tagging.Verdict.Tagged;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores a tagged image and encodes all of its event's outputs: an embedding and one labels record
 * for each label set, or one reject. Thread-safe.
 */
final class ResultEncoder {
  private static final Logger LOG = LoggerFactory.getLogger(ResultEncoder.class);

  private final Destination<ImageEmbedding> embeddings;
  private final Destination<ImageLabels> labels;
  private final RejectEncoder rejects;
  private final OutputEnvelope envelope;
  private final ModelIdentity model;
  private final ResultListener listener;
  private final Clock clock;

  ResultEncoder(
      Destination<ImageEmbedding> embeddings,
      Destination<ImageLabels> labels,
      RejectEncoder rejects,
      OutputEnvelope envelope,
      ModelIdentity model,
      ResultListener listener,
      Clock clock) {
    this.embeddings = embeddings;
    this.labels = labels;
    this.rejects = rejects;
    this.envelope = envelope;
    this.model = model;
    this.listener = listener;
    this.clock = clock;
  }

  /** All outputs of one record, in the order they are to be written; never empty. */
  List<Output> encode(InputRecord record, Verdict verdict) {
    return verdict instanceof Tagged tagged
        ? encodeTagged(record, tagged)
        : encodeRejected(record, (Rejected) verdict);
  }

  private List<Output> encodeTagged(InputRecord record, Tagged tagged) {
    Instant occurredAt = tagged.event().getOccurredAt();
    List<TopLabel> top = new ArrayList<>();
    List<Output> outputs = new ArrayList<>();
    outputs.add(embedding(record, tagged).whenForwarded(() -> listener.tagged(occurredAt, top)));
    for (String name : tagged.event().getLabelSets()) {
      LabelMatrix matrix = Objects.requireNonNull(tagged.labels().find(name));
      List<ScoredLabel> scored = scored(tagged, matrix);
      top.add(new TopLabel(name, scored.isEmpty() ? null : scored.get(0).getId()));
      outputs.add(labels(record, tagged, matrix, scored));
    }
    for (Output output : outputs) {
      if (!envelope.fits(record, output)) {
        return encodeRejected(record, tooLarge(tagged.event(), output));
      }
    }
    return outputs;
  }

  private List<Output> encodeRejected(InputRecord record, Rejected rejected) {
    RejectReason reason = rejected.reason();
    if (LOG.isDebugEnabled()) {
      RecordFields.add(LOG.atDebug(), record)
          .log("Rejected at stage {}, {}: {}", rejected.stage(), reason, rejected.detail());
    }
    Instant occurredAt = rejected.event() == null ? null : rejected.event().getOccurredAt();
    return List.of(
        rejects
            .encode(record, rejected)
            .whenForwarded(() -> listener.rejected(reason, occurredAt)));
  }

  private Output embedding(InputRecord record, Tagged tagged) {
    ImageEvent event = tagged.event();
    List<Float> vector = new ArrayList<>(tagged.vector().length);
    for (float value : tagged.vector()) {
      vector.add(value);
    }
    ImageEmbedding value =
        ImageEmbedding.newBuilder()
            .setEventId(event.getEventId())
            .setModel(model)
            .setVector(vector)
            .setImage(tagged.image())
            .setOrigin(OutputEnvelope.origin(record))
            .setOccurredAt(event.getOccurredAt())
            .setEmbeddedAt(tagged.embeddedAt())
            .setAttributes(event.getAttributes())
            .build();
    return envelope.wrap(
        record,
        embeddings.sink(),
        embeddings.encode(value),
        Map.of(TagstreamHeaders.EMBEDDING_SPACE, envelope.embeddingSpace()));
  }

  private static List<ScoredLabel> scored(Tagged tagged, LabelMatrix matrix) {
    return matrix.score(tagged.vector()).stream()
        .map(
            label ->
                new ScoredLabel(label.id(), label.name(), label.similarity(), label.probability()))
        .toList();
  }

  private Output labels(
      InputRecord record, Tagged tagged, LabelMatrix matrix, List<ScoredLabel> scored) {
    ImageEvent event = tagged.event();
    ImageLabels value =
        ImageLabels.newBuilder()
            .setEventId(event.getEventId())
            .setLabelSet(matrix.labelSet().name())
            .setLabelSetVersion(matrix.labelSet().version())
            .setLabels(scored)
            .setModel(model)
            .setImage(tagged.image())
            .setOrigin(OutputEnvelope.origin(record))
            .setOccurredAt(event.getOccurredAt())
            .setLabelledAt(clock.instant())
            .setAttributes(event.getAttributes())
            .build();
    return envelope.wrap(
        record,
        labels.sink(),
        labels.encode(value),
        Map.of(
            TagstreamHeaders.EMBEDDING_SPACE,
            envelope.embeddingSpace(),
            TagstreamHeaders.LABEL_SET,
            matrix.labelSet().name(),
            TagstreamHeaders.LABEL_SET_VERSION,
            matrix.labelSet().version()));
  }

  private Rejected tooLarge(ImageEvent event, Output output) {
    return new Rejected(
        event,
        RejectReason.RESULT_TOO_LARGE,
        RejectStage.WRITE,
        "a result for %s has %d bytes; with key and headers allowed are %d"
            .formatted(output.sink(), output.value().length, envelope.maxRecordBytes()));
  }
}
