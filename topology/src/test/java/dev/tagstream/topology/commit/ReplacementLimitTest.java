package dev.tagstream.topology.commit;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ReplacementLimitTest {

  private final AtomicLong now = new AtomicLong();
  private final ReplacementLimit limit = new ReplacementLimit(2, Duration.ofMinutes(1), now::get);

  @Test
  void moreFailuresThanTheLimitInItsWindowStopTheApplicationWithTheLastReason() {
    RuntimeException last = new RuntimeException("third");
    assertThat(limit.handle(new RuntimeException("first"))).isEqualTo(REPLACE_THREAD);
    assertThat(limit.handle(new RuntimeException("second"))).isEqualTo(REPLACE_THREAD);
    assertThat(limit.reasonToStop()).isEmpty();
    assertThat(limit.handle(last)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(limit.reasonToStop()).contains(last);
    assertThat(limit.replaced()).isEqualTo(2);
  }

  @Test
  void failuresFarApartNeverStopTheApplication() {
    for (int i = 0; i < 100; i++) {
      assertThat(limit.handle(new RuntimeException())).isEqualTo(REPLACE_THREAD);
      now.addAndGet(Duration.ofSeconds(31).toNanos());
    }
  }
}
