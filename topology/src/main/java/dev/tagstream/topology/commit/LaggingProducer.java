package dev.tagstream.topology.commit;

import dev.tagstream.topology.commit.LaggingCommit.Lowering;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Lowers the offsets of exactly-once commits.
 *
 * <p>It also keeps time-outs, with either guarantee, from Streams' own handling, which revives
 * single tasks. It goes on with a transaction that already holds their outputs, so that results are
 * written twice (TaskExecutor, TaskManager.handleCorruption and RecordCollectorImpl of 4.3.1); and
 * a revived task that meets a rebalance is made anew without being set back to the committed
 * offsets (TaskManager.handleTasksPendingInitialization), so that what it had in work is never read
 * again. As a plain Kafka exception the same time-out ends the stream thread: a transaction is
 * aborted, and the replacement reads again from the committed offsets.
 */
final class LaggingProducer extends KafkaProducer<byte[], byte[]> {

  private final Lowering lowering;
  private Map<TopicPartition, OffsetAndMetadata> inTransaction = Map.of();
  private boolean sentInTransaction;

  LaggingProducer(Map<String, Object> config, Lowering lowering) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.lowering = lowering;
  }

  /**
   * While results are awaited Streams commits at each interval. When none has come since, the
   * lowered offsets are those the broker has, and nothing is sent: Kafka ends a transaction that
   * holds nothing without asking the broker.
   */
  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    StreamThreadRegistry registry = StreamThreadRegistry.current();
    Map<TopicPartition, OffsetAndMetadata> lowered =
        lowering == Lowering.ON ? registry.lower(offsets) : offsets;
    if (!sentInTransaction && registry.hasCommitted(lowered)) {
      return;
    }
    try {
      super.sendOffsetsToTransaction(lowered, group);
    } catch (TimeoutException e) {
      throw endOfThread("adding offsets to the transaction", e);
    }
    inTransaction = lowered;
  }

  @Override
  public void commitTransaction() {
    try {
      super.commitTransaction();
    } catch (TimeoutException e) {
      throw endOfThread("committing the transaction", e);
    }
    StreamThreadRegistry.current().committed(inTransaction);
    ended();
  }

  @Override
  public void abortTransaction() {
    ended();
    super.abortTransaction();
  }

  private void ended() {
    inTransaction = Map.of();
    sentInTransaction = false;
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    sentInTransaction = true;
    if (callback == null) {
      return super.send(record, callback);
    }
    return super.send(
        record,
        (metadata, error) ->
            callback.onCompletion(
                metadata,
                error instanceof RetriableException
                    ? endOfThread("sending a result", error)
                    : error));
  }

  private static KafkaException endOfThread(String doing, Exception cause) {
    return new KafkaException(
        "Gave up " + doing + " after a time-out; the thread ends: " + cause.getMessage(), cause);
  }
}
