package dev.tagstream.model;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs work on a thread with a large stack. When ONNX Runtime 1.29 is first used, it matches the
 * process's command line against regular expressions by recursion, a few hundred bytes of stack a
 * character: a class path of 7 kB is too much for the megabyte of a Java thread, and an overflow in
 * native code ends the process without a word. Only what is used of a stack takes memory.
 */
final class DeepStack {
  private static final long BYTES = 512L << 20;

  private DeepStack() {}

  /** Waits for the work and gives its result, or throws what it threw. */
  static <T> T call(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(null, task, "clip-load", BYTES);
    thread.setDaemon(true);
    thread.start();
    return result(task);
  }

  private static <T> T result(Future<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          // Loading cannot be broken off half-way.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
