package dev.tagstream.topology.metrics;

import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.labels.LabelTopic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** Which label sets are in force. */
final class LabelSetMeters implements TagstreamMetrics.Refreshed {
  private final LabelSets sets;
  private final LabelTopic topic;
  private final MultiGauge inForce;

  LabelSetMeters(MeterRegistry registry, LabelSets sets, LabelTopic topic) {
    this.sets = sets;
    this.topic = topic;
    this.inForce =
        MultiGauge.builder("tagstream.label.set.info")
            .description("The label sets in force; always 1.")
            .register(registry);
    FunctionCounter.builder("tagstream.label.sets.rejected", this.topic, LabelTopic::rejected)
        .description("Records of the label-sets topic that were no usable label set.")
        .register(registry);
  }

  @Override
  public void refresh() {
    List<Row<?>> rows = new ArrayList<>();
    sets.current()
        .byName()
        .forEach(
            (name, set) ->
                rows.add(
                    Row.of(Tags.of("label_set", name, "version", set.labelSet().version()), 1)));
    inForce.register(rows, true);
  }
}
