package dev.tagstream.topology.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for SIGTERM, Ctrl-C or a hang-up, and lets the JVM end by it only after {@link #close}:
 * open it around the work. A shutdown hook would not do: all hooks run at once, and one of ONNX
 * Runtime's takes the native code away from under a model that still runs.
 */
final class StopSignal implements AutoCloseable {
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final AtomicReference<@Nullable String> received = new AtomicReference<>();
  private final Map<String, Object> before = new LinkedHashMap<>();

  private StopSignal() {}

  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    for (String name : NAMES) {
      signal.before.put(name, ProcessSignals.handle(name, () -> signal.received(name)));
    }
    return signal;
  }

  /** Done when the process is asked to stop. */
  CompletableFuture<Void> asked() {
    return asked;
  }

  /** Says that the work has ended. If the process was asked to stop, it now does. */
  @Override
  public void close() {
    before.forEach(ProcessSignals::restore);
    String name = received.get();
    if (name != null) {
      ProcessSignals.raise(name);
      while (true) {
        // The exit code is to be the signal's.
        LockSupport.park(this);
      }
    }
  }

  private void received(String name) {
    if (received.compareAndSet(null, name)) {
      Thread limit = new Thread(StopSignal::endAfterAll, "longest-stop");
      limit.setDaemon(true);
      limit.start();
      asked.complete(null);
    }
  }

  private static void endAfterAll() {
    LockSupport.parkNanos(LONGEST_STOP.toNanos());
    System.err.println(
        "tagstream: still not stopped after %d s, ending all the same"
            .formatted(LONGEST_STOP.toSeconds()));
    Runtime.getRuntime().halt(CliFailure.FAILED);
  }
}
