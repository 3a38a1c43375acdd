package dev.tagstream.topology.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something slow that is asked of another server in the background: whoever wants to know gets the
 * last answer at once. It is asked only while somebody wants to know, and no more often than given,
 * however many do. Thread-safe.
 */
final class BackgroundQuestion<T> {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundQuestion.class);

  private final Duration every;
  private final Callable<T> question;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile @Nullable Answer<T> answer;
  private volatile @Nullable String problem;
  private volatile @Nullable Long askedAt;

  /** An answer and how long ago it came. */
  record Answer<T>(T value, long atNanos) {}

  BackgroundQuestion(
      Duration every, Callable<T> question, Executor executor, LongSupplier nanoTime) {
    this.every = every;
    this.question = question;
    this.executor = executor;
    this.nanoTime = nanoTime;
  }

  /** Notes an answer that somebody else got. */
  void answered(T value) {
    answer = new Answer<>(value, nanoTime.getAsLong());
    problem = null;
  }

  /** The last answer; asks again if it is time to. */
  Optional<T> latest() {
    askIfDue();
    Answer<T> last = answer;
    return last == null ? Optional.empty() : Optional.of(last.value());
  }

  /** How long ago the last answer came. */
  Optional<Duration> age() {
    Answer<T> last = answer;
    return last == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanoTime.getAsLong() - last.atNanos()));
  }

  /** Why the last attempt had no answer; empty if it had one. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private void askIfDue() {
    long now = nanoTime.getAsLong();
    Long last = askedAt;
    Answer<T> known = answer;
    boolean due =
        (last == null || now - last >= every.toNanos())
            && (known == null || now - known.atNanos() >= every.toNanos());
    if (due && asking.compareAndSet(false, true)) {
      askedAt = now;
      executor.execute(this::ask);
    }
  }

  private void ask() {
    try {
      answered(question.call());
    } catch (Exception e) {
      LOG.debug("No answer", e);
      problem = String.valueOf(e.getMessage());
    } finally {
      asking.set(false);
    }
  }
}
