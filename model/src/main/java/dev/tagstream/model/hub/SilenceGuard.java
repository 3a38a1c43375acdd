package dev.tagstream.model.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A stream that gives up when nothing comes for too long: the JDK's client has no time limit on a
 * body, so a server that falls silent would hold its reader for ever.
 */
final class SilenceGuard extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final Duration silence;
  private final ScheduledFuture<?> check;
  private volatile long lastByte = System.nanoTime();
  private volatile boolean silent;

  SilenceGuard(InputStream in, Duration silence) {
    super(in);
    this.silence = silence;
    long period = Math.max(1, silence.toMillis() / 2);
    this.check = CLOCK.scheduleAtFixedRate(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? n : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    // What the reader did between two calls is not the other side's silence.
    lastByte = System.nanoTime();
    int n;
    try {
      n = in.read(buffer, offset, length);
    } catch (IOException e) {
      throw silent ? silence(e) : e;
    }
    if (silent) {
      throw silence(null);
    }
    return n;
  }

  @Override
  public void close() throws IOException {
    check.cancel(false);
    super.close();
  }

  private IOException silence(@org.jspecify.annotations.Nullable IOException cause) {
    return new IOException("nothing came for " + silence.toSeconds() + " seconds", cause);
  }

  private void check() {
    if (System.nanoTime() - lastByte > silence.toNanos()) {
      silent = true;
      check.cancel(false);
      try {
        // Wakes the reader.
        in.close();
      } catch (IOException e) {
        // The reader is told anyway.
      }
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
