package dev.tagstream.topology.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for SIGTERM or Ctrl-C, and keeps the JVM from ending until {@link #close}: open it around
 * the work.
 */
final class StopSignal implements AutoCloseable {
  private static final long LONGEST_STOP_SECONDS = 60;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread hook = new Thread(this::stop, "stop-signal");

  private StopSignal() {}

  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Done when the process is asked to stop. */
  CompletableFuture<Void> asked() {
    return asked;
  }

  /** Says that the work has ended: the JVM may end as well. */
  @Override
  public void close() {
    ended.complete(null);
    if (!asked.isDone()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM began to end this moment, for which the work is now ready.
        asked.complete(null);
      }
    }
  }

  /** The JVM ends when its hooks have, so this one takes as long as the work needs to end. */
  private void stop() {
    asked.complete(null);
    try {
      ended.get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      System.err.println(
          "tagstream: still not stopped after " + LONGEST_STOP_SECONDS + " s, ending all the same");
    }
  }
}
