package dev.tagstream.topology.batch;

import dev.tagstream.topology.commit.NonNegativeTimestamps;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/** The shape of the real topology around the real processor, with any tagging inside. */
public final class StandInTopology {

  public static final String INPUT = "events";
  public static final List<String> OUTPUTS = List.of("embeddings", "labels", "rejects");

  private StandInTopology() {}

  /** Sinks named as the topics they write. */
  public static Topology of(AsyncTagging tagging, PendingLimits limits) {
    Topology topology = new Topology();
    topology.addSource(
        AutoOffsetReset.earliest(),
        "source",
        new NonNegativeTimestamps(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        INPUT);
    topology.addProcessor("tag", AsyncBatchProcessor.supplier(tagging, limits), "source");
    for (String output : OUTPUTS) {
      topology.addSink(
          output,
          output,
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          new OriginPartitioner(),
          "tag");
    }
    return topology;
  }
}
