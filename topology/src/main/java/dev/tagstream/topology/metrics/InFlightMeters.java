package dev.tagstream.topology.metrics;

import dev.tagstream.topology.batch.InFlight;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** What is between being read and being committed. */
final class InFlightMeters implements TagstreamMetrics.Refreshed {
  private final InFlight inFlight;
  private final MultiGauge commitLag;

  InFlightMeters(MeterRegistry registry, InFlight inFlight) {
    this.inFlight = inFlight;
    Gauge.builder("tagstream.pending.records", inFlight, InFlight::records)
        .description("Records in work or waiting for their turn, all tasks together.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tagstream.pending.bytes", inFlight, InFlight::bytes)
        .description("Bytes of those records and of their finished results.")
        .strongReference(true)
        .register(registry);
    this.commitLag =
        MultiGauge.builder("tagstream.commit.lag.records")
            .description("Records from the offset last committed to the one last taken up.")
            .register(registry);
  }

  @Override
  public void refresh() {
    List<Row<?>> rows = new ArrayList<>();
    inFlight.commitLag().forEach((partition, lag) -> rows.add(Row.of(tags(partition), lag)));
    commitLag.register(rows, true);
  }

  private static Tags tags(TopicPartition partition) {
    return Tags.of(
        "topic", partition.topic(), "partition", Integer.toString(partition.partition()));
  }
}
