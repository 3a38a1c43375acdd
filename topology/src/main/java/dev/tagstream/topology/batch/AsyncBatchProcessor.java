package dev.tagstream.topology.batch;

import dev.tagstream.topology.commit.LaggingCommit;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Hands each record to an {@link AsyncTagging} and forwards the results in offset order per
 * partition. Needs the clients of {@link LaggingCommit}, without which a crash loses what is in
 * flight, and {@link OriginPartitioner} on its sinks.
 *
 * <p>Threads: everything here runs on the task's stream thread. Results are forwarded from a
 * punctuator, which exists only while records are pending (one that is always there would make idle
 * tasks commit for ever), or from {@code process()}. A failure of the machine is thrown from the
 * punctuator alone: thrown from {@code process()} it would be charged to an innocent record.
 */
public final class AsyncBatchProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Duration FORWARD_EVERY = Duration.ofMillis(1);
  private static final long WAIT_SLICE_NANOS = 2_000_000;

  private final AsyncTagging tagging;
  private final PendingLimits limits;
  private final Progress progress;
  private final InFlight inFlight;

  private @Nullable ProcessorContext<byte[], byte[]> context;
  private PendingQueue pending = new PendingQueue();
  private @Nullable Cancellable punctuator;
  private @Nullable TaggingFailedException fault;

  AsyncBatchProcessor(
      AsyncTagging tagging, PendingLimits limits, Progress progress, InFlight inFlight) {
    this.tagging = tagging;
    this.limits = limits;
    this.progress = progress;
    this.inFlight = inFlight;
  }

  /** Processors for all tasks of the process; they share the tagging. */
  public static ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier(
      AsyncTagging tagging, PendingLimits limits) {
    return supplier(tagging, limits, new InFlight());
  }

  /** The same, with what they have in flight kept where others see it. */
  public static ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier(
      AsyncTagging tagging, PendingLimits limits, InFlight inFlight) {
    Progress progress = new Progress(System::nanoTime);
    return () -> new AsyncBatchProcessor(tagging, limits, progress, inFlight);
  }

  /** Called again on the same instance when Streams revives a task. */
  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    inFlight.closed(pending);
    pending = new PendingQueue();
    inFlight.opened(pending);
    fault = null;
    LaggingCommit.watch(processorContext.taskId(), pending);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    InputRecord input = input(record);
    plainly(() -> makeRoom(input));
    pending.add(input, record.timestamp(), started(input));
    if (punctuator == null) {
      punctuator =
          context()
              .schedule(
                  FORWARD_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> plainly(this::punctuate));
    }
  }

  /** Drops what is pending; the next owner of the partitions reads it again. */
  @Override
  public void close() {
    stopPunctuator();
    pending.seal();
    inFlight.closed(pending);
  }

  private InputRecord input(Record<byte[], byte[]> record) {
    RecordMetadata origin = context().recordMetadata().orElseThrow();
    long timestamp =
        LaggingCommit.replacedTimestamp(origin.topic(), origin.partition(), origin.offset())
            .orElse(record.timestamp());
    return new InputRecord(
        origin.topic(),
        origin.partition(),
        origin.offset(),
        timestamp,
        record.key(),
        record.value(),
        record.headers());
  }

  private CompletableFuture<List<Output>> started(InputRecord input) {
    if (fault != null || pending.headFailed()) {
      // The punctuator is about to end this thread; the record will be read again.
      return new CompletableFuture<>();
    }
    CompletableFuture<List<Output>> results;
    try {
      results = tagging.start(input);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    var unused = results.whenComplete((outputs, e) -> progress.result());
    return results;
  }

  /**
   * Forwards what is finished, and waits in short slices while the task is full. Gives up when the
   * thread must commit, going over the limit by this record, or when the whole process stands
   * still.
   */
  private void makeRoom(InputRecord next) {
    forwardFinished();
    long since = progress.now();
    while (isFullFor(next) && !pending.headFailed() && fault == null) {
      long start = progress.now();
      if (!awaitSomeHead()) {
        return;
      }
      long waited = progress.now() - start;
      forwardFinished();
      if (progress.silentFor(limits.longestWait(), since)) {
        fault = new TaggingFailedException("No result of any record for " + limits.longestWait());
      } else if (LaggingCommit.waited(waited) > limits.longestWait().toNanos()) {
        checkHardLimit();
        return;
      }
    }
  }

  /** Returns false if the thread was interrupted, which it takes as the wish to get on. */
  private boolean awaitSomeHead() {
    Pending head = pending.unfinishedHead();
    try {
      return head == null
          || head.await(WAIT_SLICE_NANOS)
          || !Thread.currentThread().isInterrupted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isFullFor(InputRecord next) {
    return pending.size() >= limits.records()
        || (pending.size() > 0 && pending.sizeInBytes() + next.sizeInBytes() > limits.bytes());
  }

  private void checkHardLimit() {
    if (pending.size() >= 2 * limits.records() || pending.sizeInBytes() > 2 * limits.bytes()) {
      fault =
          new TaggingFailedException(
              "%d records (%d bytes) are pending, twice the limit of %d (%d); the device is too slow for it"
                  .formatted(
                      pending.size(), pending.sizeInBytes(), limits.records(), limits.bytes()));
    }
  }

  /** The punctuator: forwards, reports failures, and ends itself when nothing is pending. */
  private void punctuate() {
    forwardFinished();
    for (Deque<Pending> queue : pending.queues()) {
      Pending head = queue.peekFirst();
      if (head != null && head.failed()) {
        head.outputs();
      }
    }
    if (fault != null) {
      throw fault;
    }
    if (pending.size() == 0) {
      stopPunctuator();
    }
  }

  private void forwardFinished() {
    for (Deque<Pending> queue : pending.queues()) {
      Pending head = queue.peekFirst();
      while (head != null && head.finished() && !head.failed()) {
        List<Output> outputs = head.outputs();
        forwardAll(head, outputs);
        pending.forwarded(queue, outputs);
        head = queue.peekFirst();
      }
    }
  }

  /** Timestamp and headers are given, since a punctuator has no record to take them from. */
  private void forwardAll(Pending head, List<Output> outputs) {
    OriginPartitioner.from(
        head.partition().partition(),
        () -> {
          for (Output output : outputs) {
            context()
                .forward(
                    new Record<>(output.key(), output.value(), head.eventTime(), output.headers()),
                    output.sink());
            output.forwarded().run();
          }
        });
  }

  /**
   * Streams answers these two exceptions by reviving the task inside a transaction that already
   * holds results of it; as plain ones they end the thread and abort the transaction.
   */
  private static void plainly(Runnable action) {
    try {
      action.run();
    } catch (TimeoutException | TaskCorruptedException e) {
      throw new TaggingFailedException("Forwarding results", e);
    }
  }

  private void stopPunctuator() {
    if (punctuator != null) {
      punctuator.cancel();
      punctuator = null;
    }
  }

  private ProcessorContext<byte[], byte[]> context() {
    return Objects.requireNonNull(context, "process() before init()");
  }
}
