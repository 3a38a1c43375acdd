package dev.tagstream.topology.batch;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;

/**
 * A record handed over and not yet forwarded.
 *
 * @param keptInBytes what of the event stays in memory until then
 * @param eventTime the valid timestamp that results carry, which is not the record's own if that
 *     was negative
 */
record Pending(
    TopicPartition partition,
    long offset,
    long keptInBytes,
    long eventTime,
    CompletableFuture<List<Output>> results) {

  static Pending of(InputRecord record, long eventTime, CompletableFuture<List<Output>> results) {
    return new Pending(
        record.topicPartition(), record.offset(), record.keptInBytes(), eventTime, results);
  }

  boolean failed() {
    return results.isCompletedExceptionally();
  }

  boolean finished() {
    return results.isDone();
  }

  /** Waits for the results, at most this long; returns whether they or a failure are there. */
  boolean await(long nanos) throws InterruptedException {
    try {
      results.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true;
    }
  }

  /** The results of a finished record; throws what it failed with. */
  List<Output> outputs() {
    try {
      return results.join();
    } catch (CompletionException e) {
      throw new TaggingFailedException(this.toString(), e.getCause() == null ? e : e.getCause());
    } catch (CancellationException e) {
      throw new TaggingFailedException(this.toString(), e);
    }
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
