package dev.tagstream.topology.metrics;

import dev.tagstream.events.RejectReason;
import dev.tagstream.topology.tagging.ResultListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What became of events, and how long it took. */
final class ResultMeters implements ResultListener {
  /** Labels are whatever a label set says, and each costs memory here and in Prometheus. */
  static final int MOST_LABELS = 1_000;

  static final String OTHER_LABELS = "other";
  static final String NO_LABEL = "(none)";

  private static final Duration[] LATENCIES =
      List.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000).stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Clock clock;
  private final Counter tagged;
  private final Counter rejected;
  private final Map<RejectReason, Counter> reasons = new EnumMap<>(RejectReason.class);
  private final Map<TopLabel, Counter> labels = new ConcurrentHashMap<>();
  private final Timer latency;

  ResultMeters(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    this.tagged = outcome("tagged");
    this.rejected = outcome("rejected");
    for (RejectReason reason : RejectReason.values()) {
      reasons.put(
          reason,
          Counter.builder("tagstream.rejects")
              .description("Events answered by a reject, by the reason it gives.")
              .tag("reason", reason.name())
              .register(registry));
    }
    this.latency =
        Timer.builder("tagstream.latency")
            .description("From an event's occurredAt to its result being handed to the producer.")
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
  }

  @Override
  public void tagged(Instant occurredAt, List<TopLabel> topLabels) {
    tagged.increment();
    topLabels.forEach(label -> counter(label).increment());
    recordLatency(occurredAt);
  }

  @Override
  public void rejected(RejectReason reason, @Nullable Instant occurredAt) {
    rejected.increment();
    Objects.requireNonNull(reasons.get(reason)).increment();
    if (occurredAt != null) {
      recordLatency(occurredAt);
    }
  }

  /** A publisher's clock may be ahead of ours. */
  private void recordLatency(Instant occurredAt) {
    Duration passed = Duration.between(occurredAt, clock.instant());
    latency.record(passed.isNegative() ? Duration.ZERO : passed);
  }

  private Counter counter(TopLabel label) {
    Counter known = labels.get(label);
    if (known != null) {
      return known;
    }
    return labels.size() < MOST_LABELS
        ? labels.computeIfAbsent(label, this::register)
        : register(new TopLabel(label.labelSet(), OTHER_LABELS));
  }

  private Counter register(TopLabel label) {
    String name = label.label();
    return Counter.builder("tagstream.labels")
        .description("Images by their most probable label.")
        .tags("label_set", label.labelSet(), "label", name == null ? NO_LABEL : name)
        .register(registry);
  }

  private Counter outcome(String outcome) {
    return Counter.builder("tagstream.results")
        .description("Events answered.")
        .tag("outcome", outcome)
        .register(registry);
  }
}
