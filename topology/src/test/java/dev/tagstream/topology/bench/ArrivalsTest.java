package dev.tagstream.topology.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();
  private final Arrivals arrivals = new Arrivals(now::get);

  @Test
  void theRateIsThatBetweenTheFirstAndTheLastTenth() {
    // A slow start, 4 a second in between, and a slow end.
    everySeconds(10, 10);
    for (int i = 0; i < 80; i++) {
      now.addAndGet(SECOND / 4);
      arrivals.add(1);
    }
    everySeconds(10, 10);

    assertThat(arrivals.perSecond()).isEqualTo(4);
  }

  @Test
  void resultsThatCameTogetherWithTheFirstCountedOneAreNotCounted() {
    for (int second = 1; second <= 10; second++) {
      now.set(second * SECOND);
      arrivals.add(8);
    }

    assertThat(arrivals.perSecond()).isEqualTo(8);
  }

  @Test
  void resultsThatAllCameAtOnceHaveNoRate() {
    arrivals.add(100);

    assertThatIllegalStateException()
        .isThrownBy(arrivals::perSecond)
        .withMessageContaining("measure more images");
  }

  private void everySeconds(int seconds, int times) {
    for (int i = 0; i < times; i++) {
      now.addAndGet(seconds * SECOND);
      arrivals.add(1);
    }
  }
}
