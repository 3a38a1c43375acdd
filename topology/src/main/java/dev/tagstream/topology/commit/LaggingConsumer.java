package dev.tagstream.topology.commit;

import static org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;

import dev.tagstream.topology.commit.LaggingCommit.Lowering;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Lowers the offsets of at-least-once commits, and ends the thread when one times out, for the
 * reason that {@link LaggingProducer} gives; polls briefly while results are awaited, since the
 * stream thread that polls is also the one that forwards them; and leaves the group when its thread
 * has failed.
 */
final class LaggingConsumer extends KafkaConsumer<byte[], byte[]> {

  private static final Duration BRIEF = Duration.ofMillis(5);

  /**
   * Readers of transactions see nothing before the next commit anyway, and every poll costs
   * processor time that a model on the same machine wants: at 10 ms some 2 % of a core a thread.
   */
  private static final Duration BRIEF_IN_TRANSACTIONS = Duration.ofMillis(20);

  private final Lowering lowering;
  private final Duration pollWhileAwaiting;

  LaggingConsumer(Map<String, Object> config, Lowering lowering) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.lowering = lowering;
    // Streams sets this on its main consumer for exactly-once, and then only.
    boolean transactions =
        "read_committed".equals(config.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    this.pollWhileAwaiting = transactions ? BRIEF_IN_TRANSACTIONS : BRIEF;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    StreamThreadRegistry registry = StreamThreadRegistry.current();
    registry.polled();
    boolean shorten = timeout.compareTo(pollWhileAwaiting) > 0 && registry.awaiting();
    return super.poll(shorten ? pollWhileAwaiting : timeout);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commit(offsets, lowered -> super.commitSync(lowered));
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    commit(offsets, lowered -> super.commitSync(lowered, timeout));
  }

  private void commit(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
    Map<TopicPartition, OffsetAndMetadata> lowered = lowered(offsets);
    try {
      commit.accept(lowered);
    } catch (TimeoutException e) {
      throw new KafkaException("Gave up committing offsets after a time-out; the thread ends", e);
    }
    StreamThreadRegistry.current().committed(lowered);
  }

  /** Not called by Streams 4.3.1; nothing is told of its success, so no commit lag follows it. */
  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    super.commitAsync(lowered(offsets), callback);
  }

  /**
   * Streams would have the consumer of a thread that is replaced remain in the group, where its
   * partitions wait for the session to time out. Leaving is safe, because it is the last thing that
   * a failed thread does: its tasks are closed without a commit and its producer, closed before,
   * has aborted their transaction. If the broker did not hear of that, whoever reads these
   * partitions next is told their offsets only once that transaction has ended, and nothing can be
   * committed any more in the name of a member that has left.
   */
  @Override
  public void close(CloseOptions options) {
    boolean failed = StreamThreadRegistry.current().hasFailed();
    super.close(failed ? options.withGroupMembershipOperation(LEAVE_GROUP) : options);
  }

  @Override
  public void commitSync() {
    throw positionIsNotFinished();
  }

  @Override
  public void commitSync(Duration timeout) {
    throw positionIsNotFinished();
  }

  @Override
  public void commitAsync() {
    throw positionIsNotFinished();
  }

  @Override
  public void commitAsync(@Nullable OffsetCommitCallback callback) {
    throw positionIsNotFinished();
  }

  private Map<TopicPartition, OffsetAndMetadata> lowered(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    return lowering == Lowering.ON ? StreamThreadRegistry.current().lower(offsets) : offsets;
  }

  /** Kafka Streams always names offsets; a version that does not must fail loudly. */
  private static UnsupportedOperationException positionIsNotFinished() {
    return new UnsupportedOperationException(
        "Committing the consumer's position would commit records still in flight;"
            + " name the offsets to commit");
  }
}
