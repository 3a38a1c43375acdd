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
import dev.tagstream.topology.tagging.Verdict.Rejected;
import dev.tagstream.topology.tagging.Verdict.Tagged;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Scores a tagged image and encodes all of its event's outputs: an embedding and one labels record
 * for each label set, or one reject. Thread-safe.
 */
final class ResultEncoder {
  private final Destination<ImageEmbedding> embeddings;
  private final Destination<ImageLabels> labels;
  private final RejectEncoder rejects;
  private final OutputEnvelope envelope;
  private final ModelIdentity model;
  private final Clock clock;

  ResultEncoder(
      Destination<ImageEmbedding> embeddings,
      Destination<ImageLabels> labels,
      RejectEncoder rejects,
      OutputEnvelope envelope,
      ModelIdentity model,
      Clock clock) {
    this.embeddings = embeddings;
    this.labels = labels;
    this.rejects = rejects;
    this.envelope = envelope;
    this.model = model;
    this.clock = clock;
  }

  /** All outputs of one record, in the order they are to be written; never empty. */
  List<Output> encode(InputRecord record, Verdict verdict) {
    return verdict instanceof Tagged tagged
        ? encodeTagged(record, tagged)
        : List.of(rejects.encode(record, (Rejected) verdict));
  }

  private List<Output> encodeTagged(InputRecord record, Tagged tagged) {
    List<Output> outputs = new ArrayList<>();
    outputs.add(embedding(record, tagged));
    for (String name : tagged.event().getLabelSets()) {
      outputs.add(labels(record, tagged, Objects.requireNonNull(tagged.labels().find(name))));
    }
    for (Output output : outputs) {
      if (!envelope.fits(record, output)) {
        return List.of(rejects.encode(record, tooLarge(tagged.event(), output)));
      }
    }
    return outputs;
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

  private Output labels(InputRecord record, Tagged tagged, LabelMatrix matrix) {
    ImageEvent event = tagged.event();
    List<ScoredLabel> scored =
        matrix.score(tagged.vector()).stream()
            .map(
                label ->
                    new ScoredLabel(
                        label.id(), label.name(), label.similarity(), label.probability()))
            .toList();
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
