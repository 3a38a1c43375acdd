package dev.tagstream.model.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hangs up when the other side lets us wait too long for something, or when the waiting thread is
 * interrupted. A time limit on the socket would not do: it starts anew with every byte, so that a
 * server which sends a header, or a TLS record that nobody can read yet, one byte at a time would
 * hold its reader for days.
 */
final class SilenceGuard implements AutoCloseable {
  private static final long LONGEST_PERIOD_MS = 250;
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  /** Something that the other side has to come up with. */
  interface Awaited<T> {
    T get() throws IOException;
  }

  private final Duration silence;
  private final Runnable hangUp;
  private final ScheduledFuture<?> check;
  private volatile long since;
  private volatile @Nullable Thread waiting;
  private volatile boolean hungUp;

  /**
   * Watches until it is closed.
   *
   * @param silence the longest time to wait for one thing
   * @param hangUp makes whoever waits for the other side fail at once; called by another thread
   */
  SilenceGuard(Duration silence, Runnable hangUp) {
    this.silence = silence;
    this.hangUp = hangUp;
    long period = Math.max(1, Math.min(LONGEST_PERIOD_MS, silence.toMillis() / 2));
    this.check = CLOCK.scheduleAtFixedRate(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * Waits, for the silence at most.
   *
   * @throws SocketTimeoutException if it did not come in time
   * @throws HubException if this thread was interrupted; it still is
   */
  <T> T await(Awaited<T> awaited) throws IOException {
    since = System.nanoTime();
    waiting = Thread.currentThread();
    Exception cause = null;
    try {
      T got = awaited.get();
      if (!hungUp) {
        return got;
      }
    } catch (IOException | RuntimeException e) {
      if (!hungUp) {
        throw e;
      }
      cause = e;
    } finally {
      waiting = null;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw HubHttp.interrupted(cause);
    }
    SocketTimeoutException silent =
        new SocketTimeoutException("nothing came for " + silence.toSeconds() + " seconds");
    silent.initCause(cause);
    throw silent;
  }

  /** The same for each reading. What the reader does in between is not the other side's silence. */
  InputStream watched(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        return await(in::read);
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return await(() -> in.read(buffer, offset, length));
      }
    };
  }

  @Override
  public void close() {
    check.cancel(false);
  }

  private void check() {
    Thread thread = waiting;
    if (thread != null
        && (thread.isInterrupted() || System.nanoTime() - since > silence.toNanos())) {
      hungUp = true;
      check.cancel(false);
      hangUp.run();
    }
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "hub-silence");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }
}
