package dev.tagstream.topology.commit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that failed, but stops the application when that happens too often: a
 * passing fault costs one thread and nothing else, while a record that can never be produced would
 * go round for ever. Either way the consumer of a thread that failed leaves the group.
 *
 * <p>Called by the stream thread that failed; may be asked from any thread.
 */
public final class ReplacementLimit implements StreamsUncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ReplacementLimit.class);

  private final int most;
  private final Duration window;
  private final LongSupplier nanoTime;
  private final Deque<Long> replacements = new ArrayDeque<>();
  private long total;
  private @Nullable Throwable reason;

  /**
   * A limit that counts from now on.
   *
   * @param most how many threads may be replaced within the window
   * @param window the time looked back on at each failure
   */
  public ReplacementLimit(int most, Duration window) {
    this(most, window, System::nanoTime);
  }

  ReplacementLimit(int most, Duration window, LongSupplier nanoTime) {
    if (most < 0 || window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException(
          "The limit must be at least 0 and its window positive, not " + most + " in " + window);
    }
    this.most = most;
    this.window = window;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable exception) {
    StreamThreadRegistry.current().failed();
    long now = nanoTime.getAsLong();
    while (!replacements.isEmpty() && now - replacements.peekFirst() > window.toNanos()) {
      replacements.removeFirst();
    }
    if (replacements.size() < most) {
      replacements.addLast(now);
      total++;
      log.warn("A stream thread failed and is replaced; its work is read again.", exception);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    reason = exception;
    log.error(
        "Stopping: a stream thread failed after {} others were replaced within {}.",
        replacements.size(),
        window,
        exception);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** How many threads have been replaced in all. */
  public synchronized long replaced() {
    return total;
  }

  /** Why the application was stopped; empty while it was not. */
  public synchronized Optional<Throwable> reasonToStop() {
    return Optional.ofNullable(reason);
  }
}
