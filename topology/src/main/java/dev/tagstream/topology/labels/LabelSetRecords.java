package dev.tagstream.topology.labels;

import dev.tagstream.events.LabelDefinition;
import dev.tagstream.events.ScoringMode;
import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.Scoring;
import java.util.List;

/** Label sets to and from the records of the label-sets topic. */
public final class LabelSetRecords {

  private LabelSetRecords() {}

  /**
   * The label set a record describes.
   *
   * @throws InvalidLabelSetException if it cannot be used
   */
  public static LabelSet fromRecord(dev.tagstream.events.LabelSet record) {
    return new LabelSet(
        record.getName(),
        record.getVersion(),
        record.getLabels().stream().map(LabelSetRecords::label).toList(),
        record.getTemplates(),
        scoring(record.getScoring()),
        record.getTopK());
  }

  /** The record that describes a label set. */
  public static dev.tagstream.events.LabelSet toRecord(LabelSet set) {
    return dev.tagstream.events.LabelSet.newBuilder()
        .setName(set.name())
        .setVersion(set.version())
        .setLabels(set.labels().stream().map(LabelSetRecords::definition).toList())
        .setTemplates(set.templates())
        .setScoring(ScoringMode.valueOf(set.scoring().name()))
        .setTopK(set.topK())
        .build();
  }

  private static Label label(LabelDefinition definition) {
    List<String> prompts =
        definition.getPrompts().isEmpty() ? List.of(definition.getName()) : definition.getPrompts();
    Float threshold = definition.getThreshold();
    return new Label(
        definition.getId(),
        definition.getName(),
        prompts,
        // Through its decimal form: 0.2f is not 0.2 when widened.
        threshold == null ? null : Double.valueOf(threshold.toString()));
  }

  private static LabelDefinition definition(Label label) {
    Double threshold = label.threshold();
    return LabelDefinition.newBuilder()
        .setId(label.id())
        .setName(label.name())
        .setPrompts(label.prompts())
        .setThreshold(threshold == null ? null : threshold.floatValue())
        .build();
  }

  private static Scoring scoring(ScoringMode mode) {
    return switch (mode) {
      case SOFTMAX -> Scoring.SOFTMAX;
      case INDEPENDENT -> Scoring.INDEPENDENT;
      case UNKNOWN ->
          throw new InvalidLabelSetException(
              "its scoring is one that this version does not know; upgrade Tagstream first");
    };
  }
}
