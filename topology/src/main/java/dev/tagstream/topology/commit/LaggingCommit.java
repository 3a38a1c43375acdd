package dev.tagstream.topology.commit;

import java.util.OptionalLong;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Holds committed offsets back to the finished prefix of each partition, so that work in flight
 * survives a crash: its records are read again. A processor that answers later than {@code
 * process()} returns registers its {@linkplain #watch unfinished offsets}; the application is
 * started with {@link #clientSupplier()}, whose clients lower every offset on its way to the
 * broker.
 *
 * <p>What makes this correct: results are forwarded in offset order per partition, on the stream
 * thread, and nothing with an effect stands beside or upstream of the processor in its sub-topology
 * ({@link CommitPreconditions} checks that).
 */
public final class LaggingCommit {

  private LaggingCommit() {}

  /** The clients for {@code new KafkaStreams(topology, config, LaggingCommit.clientSupplier())}. */
  public static KafkaClientSupplier clientSupplier() {
    return clientSupplier(Lowering.ON);
  }

  /** With {@link Lowering#OFF}: the control of the kill test, which must lose records. */
  static KafkaClientSupplier clientSupplier(Lowering lowering) {
    return new LaggingClientSupplier(lowering);
  }

  /**
   * Lets commits of this stream thread ask for the task's unfinished offsets, in place of what an
   * earlier, closed processor of the same task registered. To be called from {@code
   * Processor.init}.
   */
  public static void watch(TaskId task, UnfinishedOffsets offsets) {
    StreamThreadRegistry.current().watch(task, offsets);
  }

  /**
   * Notes that this stream thread has spent time waiting inside {@code process()}.
   *
   * @return nanoseconds waited since this thread last committed or polled, all its tasks together
   */
  public static long waited(long nanos) {
    return StreamThreadRegistry.current().waited(nanos);
  }

  /**
   * The negative timestamp that {@link NonNegativeTimestamps} replaced on this record; empty if the
   * record's timestamp was valid. Answers once.
   */
  public static OptionalLong replacedTimestamp(String topic, int partition, long offset) {
    return StreamThreadRegistry.current().takeReplacedTimestamp(topic, partition, offset);
  }

  enum Lowering {
    ON,
    OFF
  }
}
