package dev.tagstream.topology.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.RejectReason;
import dev.tagstream.topology.tagging.ResultListener.TopLabel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResultMetersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ResultMeters meters = new ResultMeters(registry, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void everyReasonToRejectIsThereBeforeTheFirstReject() {
    assertThat(registry.find("tagstream.rejects").counters())
        .extracting(counter -> counter.getId().getTag("reason"))
        .containsExactlyInAnyOrder(
            List.of(RejectReason.values()).stream().map(Enum::name).toArray(String[]::new));
  }

  @Test
  void aRejectCountsOnceAndUnderItsReasonAlone() {
    meters.rejected(RejectReason.UNKNOWN_FORMAT, NOW);

    assertThat(count("tagstream.results", "outcome", "rejected")).isEqualTo(1);
    assertThat(count("tagstream.results", "outcome", "tagged")).isZero();
    assertThat(count("tagstream.rejects", "reason", "UNKNOWN_FORMAT")).isEqualTo(1);
    assertThat(
            registry.find("tagstream.rejects").counters().stream()
                .mapToDouble(Counter::count)
                .sum())
        .isEqualTo(1);
  }

  @Test
  void latencyRunsFromTheEventsTimeAndAClockThatIsAheadCountsAsNone() {
    meters.tagged(NOW.minusSeconds(3), List.of());
    meters.tagged(NOW.plusSeconds(60), List.of());
    meters.rejected(RejectReason.UNDECODABLE_EVENT, null);

    var latency = registry.get("tagstream.latency").timer();
    assertThat(latency.count()).isEqualTo(2);
    assertThat(latency.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void anImageCountsByItsMostProbableLabelInEachSet() {
    meters.tagged(NOW, List.of(new TopLabel("pets", "cat"), new TopLabel("moods", null)));

    assertThat(count("tagstream.labels", "label_set", "pets", "label", "cat")).isEqualTo(1);
    assertThat(count("tagstream.labels", "label_set", "moods", "label", "(none)")).isEqualTo(1);
  }

  @Test
  void labelsBeyondTheBoundCountAsOtherAndNoneIsLost() {
    int labels = ResultMeters.MOST_LABELS + 50;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < labels; i++) {
        meters.tagged(NOW, List.of(new TopLabel("many", "label-" + i)));
      }
    }

    assertThat(registry.find("tagstream.labels").counters()).hasSize(ResultMeters.MOST_LABELS + 1);
    assertThat(count("tagstream.labels", "label", "other")).isEqualTo(100);
    assertThat(count("tagstream.labels", "label", "label-0")).isEqualTo(2);
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }
}
