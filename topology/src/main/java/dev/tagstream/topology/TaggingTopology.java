package dev.tagstream.topology;

import dev.tagstream.topology.batch.AsyncBatchProcessor;
import dev.tagstream.topology.batch.AsyncTagging;
import dev.tagstream.topology.batch.InFlight;
import dev.tagstream.topology.batch.OriginPartitioner;
import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.commit.NonNegativeTimestamps;
import dev.tagstream.topology.config.Topics;
import dev.tagstream.topology.tagging.Sinks;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * The whole graph:
 *
 * <pre>
 * image-events ─▶ tag ─┬─▶ image-embeddings
 *                      ├─▶ image-labels
 *                      └─▶ image-rejects
 * </pre>
 *
 * <p>Bytes go in and bytes come out. Even what is no event has to be answered at its own turn, so
 * nothing is decoded before {@code tag}; and results are encoded by the workers, so that one that
 * could never be written is known in time. Every output goes to the partition number its event came
 * from, in the order of the events.
 *
 * <p>Nothing else may be added to this sub-topology: after a crash its work is done again, and an
 * effect beside {@code tag} would be had twice.
 */
public final class TaggingTopology {
  private static final String EVENTS = "events";
  private static final String TAG = "tag";

  private TaggingTopology() {}

  /** The graph over the configured topics. */
  public static Topology build(Topics topics, AsyncTagging tagging, PendingLimits limits) {
    return build(topics, tagging, limits, new InFlight());
  }

  /** The same, with what its tasks have in flight kept where others see it. */
  static Topology build(
      Topics topics, AsyncTagging tagging, PendingLimits limits, InFlight inFlight) {
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            EVENTS,
            new NonNegativeTimestamps(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.events())
        .addProcessor(TAG, AsyncBatchProcessor.supplier(tagging, limits, inFlight), EVENTS)
        .addSink(
            Sinks.EMBEDDINGS,
            topics.embeddings(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            new OriginPartitioner(),
            TAG)
        .addSink(
            Sinks.LABELS,
            topics.labels(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            new OriginPartitioner(),
            TAG)
        .addSink(
            Sinks.REJECTS,
            topics.rejects(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            new OriginPartitioner(),
            TAG);
  }
}
