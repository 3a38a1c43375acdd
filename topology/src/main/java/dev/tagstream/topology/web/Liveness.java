package dev.tagstream.topology.web;

import dev.tagstream.topology.web.HealthCheck.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the process is worth keeping: false only for what nothing but a restart mends. Brokers or
 * a registry that do not answer are not among it.
 *
 * <p>Each part is made known once it exists; until then it counts as alive. Thread-safe.
 */
public final class Liveness {
  private static final Duration LEAST = Duration.ofSeconds(30);

  /** Nothing is known of a device before it is warm, and the first call may compile for it. */
  private static final Duration WHILE_COLD = Duration.ofMinutes(10);

  private static final int TIMES_WARM_UP = 20;

  private final Duration configuredBound;
  private volatile Duration bound;
  private final Map<String, Supplier<Duration>> longestCalls = new ConcurrentSkipListMap<>();
  private volatile @Nullable Supplier<StreamsStatus> streams;

  /**
   * @param deviceStuckAfter longest call of the device that counts as alive; zero: by what full
   *     batches took at the start
   */
  public Liveness(Duration deviceStuckAfter) {
    this.configuredBound = deviceStuckAfter;
    this.bound = deviceStuckAfter.isZero() ? WHILE_COLD : deviceStuckAfter;
  }

  /** There is a device of this name, perhaps among others. */
  public void device(String name, Supplier<Duration> longestCall) {
    longestCalls.put(name, longestCall);
  }

  /**
   * The devices are warm.
   *
   * @param fullBatches how long as many full batches took as are in flight at once
   */
  public void warm(Duration fullBatches) {
    if (configuredBound.isZero()) {
      Duration times = fullBatches.multipliedBy(TIMES_WARM_UP);
      bound = times.compareTo(LEAST) > 0 ? times : LEAST;
    }
  }

  /** Kafka Streams has been started. */
  public void streams(Supplier<StreamsStatus> status) {
    streams = status;
  }

  /** What has to be so. */
  public List<HealthCheck> checks() {
    return List.of(
        new HealthCheck("streams", this::streamsFinding),
        new HealthCheck("device", this::deviceFinding));
  }

  private Finding streamsFinding() {
    Supplier<StreamsStatus> known = streams;
    if (known == null) {
      return Finding.good("not started yet");
    }
    StreamsStatus status = known.get();
    return switch (status.state()) {
      case ERROR, PENDING_ERROR ->
          Finding.bad("Kafka Streams gave up and is " + status.state() + "; the log says why");
      default ->
          status.missingThreads() > 0
              ? Finding.bad(status.missingThreads() + " stream threads ended and were not replaced")
              : Finding.good(status.state().name());
    };
  }

  private Finding deviceFinding() {
    String name = "";
    Duration longest = Duration.ZERO;
    for (Map.Entry<String, Supplier<Duration>> device : longestCalls.entrySet()) {
      Duration call = device.getValue().get();
      if (name.isEmpty() || call.compareTo(longest) > 0) {
        name = device.getKey();
        longest = call;
      }
    }
    if (name.isEmpty()) {
      return Finding.good("not there yet");
    }
    String found = "%s: a batch is running for %s; allowed are %s";
    return new Finding(
        longest.compareTo(bound) <= 0, found.formatted(name, seconds(longest), seconds(bound)));
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }
}
