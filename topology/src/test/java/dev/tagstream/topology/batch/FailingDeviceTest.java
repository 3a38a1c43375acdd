package dev.tagstream.topology.batch;

import static dev.tagstream.topology.batch.EchoDevice.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the work while a device of several fails. */
@Timeout(60)
final class FailingDeviceTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);

  private final FragileDevice one = new FragileDevice();
  private final FragileDevice two = new FragileDevice();

  /** Fails while it is broken. */
  private static final class FragileDevice implements EchoDevice {
    private final AtomicInteger well = new AtomicInteger();
    private volatile boolean broken;

    @Override
    public float[][] run(ByteBuffer pixels, int count) {
      if (broken) {
        throw new IllegalStateException("the card fell off the bus");
      }
      well.incrementAndGet();
      return EchoDevice.echo(pixels, count);
    }
  }

  private BatchEngine engine(Duration trialPause) {
    return new BatchEngine(
        List.of(new NamedDevice("one", one), new NamedDevice("two", two)),
        new BatchOptions(4, 2),
        BatchListener.NONE,
        trialPause);
  }

  /** Breaks the first device and gives it batches until that is known. */
  private void fail(BatchEngine engine) throws Exception {
    one.broken = true;
    while (engine.devices().get(0).takesPart()) {
      assertThat(engine.submit(image(7)).get()).containsExactly(7);
    }
  }

  @Test
  void itsBatchRunsOnAnotherAndItGetsNoMore() throws Exception {
    try (BatchEngine engine = engine(NEVER)) {
      fail(engine);
      long failures = engine.devices().get(0).stats().deviceFailures();
      for (int i = 0; i < 50; i++) {
        assertThat(engine.submit(image(i)).get()).containsExactly(i);
      }

      assertThat(failures).isBetween(1L, 2L);
      assertThat(engine.stats().deviceFailures()).isEqualTo(failures);
      assertThat(engine.stats().poisoned()).isZero();
      assertThat(engine.devices().get(1).takesPart()).isTrue();
    }
  }

  @Test
  void itTakesPartAgainOnceABlankImageRunsOnIt() throws Exception {
    try (BatchEngine engine = engine(AT_ONCE)) {
      fail(engine);
      one.broken = false;
      while (!engine.devices().get(0).takesPart()) {
        Thread.onSpinWait();
      }
      long images = engine.devices().get(0).stats().images();
      while (engine.devices().get(0).stats().images() == images) {
        assertThat(engine.submit(image(3)).get()).containsExactly(3);
      }
      assertThat(one.well.get()).isPositive();
    }
  }

  @Test
  void whereNoDeviceWorksTheBatchFails() throws Exception {
    one.broken = true;
    two.broken = true;
    try (BatchEngine engine = engine(NEVER)) {
      assertThatThrownBy(engine.submit(image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class)
          .hasMessageContaining("the card fell off the bus");
    }
  }

  @Test
  void onceAllHaveFailedEachIsTriedWithTheNextBatches() throws Exception {
    one.broken = true;
    two.broken = true;
    try (BatchEngine engine = engine(NEVER)) {
      assertThatThrownBy(engine.submit(image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class);
      one.broken = false;
      two.broken = false;

      assertThat(engine.submit(image(2)).get()).containsExactly(2);
      assertThat(engine.devices()).allMatch(DeviceLane::takesPart);
    }
  }

  @Test
  void aPoisonImageIsNotHandedOnAndCostsNoDevice() throws Exception {
    GatedDevice left = new GatedDevice();
    GatedDevice right = new GatedDevice();
    left.release(1_000);
    right.release(1_000);
    try (BatchEngine engine =
        new BatchEngine(
            List.of(new NamedDevice("left", left), new NamedDevice("right", right)),
            new BatchOptions(4, 1),
            BatchListener.NONE)) {
      CompletableFuture<float[]> poisoned = engine.submit(image(EchoDevice.POISON));

      assertThatThrownBy(poisoned::get).hasCauseInstanceOf(PoisonImageException.class);
      assertThat(engine.devices()).allMatch(DeviceLane::takesPart);
      assertThat(engine.stats().deviceFailures()).isZero();
    }
  }

  @Test
  void closingDoesNotWaitForTheNextTrial() throws Exception {
    BatchEngine engine = engine(NEVER);
    fail(engine);
    engine.close();

    assertThatThrownBy(engine.submit(image(1))::get)
        .hasCauseInstanceOf(DeviceFailedException.class)
        .hasMessageContaining("closed");
  }
}
