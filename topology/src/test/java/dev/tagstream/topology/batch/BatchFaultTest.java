package dev.tagstream.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose fault a batch that fails is: an image's, the device's, or nobody's. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // some images are only there to fill a batch
final class BatchFaultTest {

  @Test
  void aPoisonImageFailsAloneAndItsNeighboursGetTheirVectors() throws Exception {
    GatedDevice gate = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(gate, new BatchOptions(16, 1))) {
      engine.submit(EchoDevice.image(0));
      gate.awaitEntered();
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(engine.submit(EchoDevice.image(i == 5 ? EchoDevice.POISON : i)));
      }
      gate.release(1_000);
      for (int i = 0; i < 16; i++) {
        if (i == 5) {
          assertThatThrownBy(results.get(5)::get)
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(PoisonImageException.class);
        } else {
          assertThat(results.get(i).get()).containsExactly(i);
        }
      }
      assertThat(gate.sizes()).as("the sixteen ran together before they were split").contains(16);
      assertThat(engine.stats().poisoned()).isEqualTo(1);
    }
  }

  @Test
  void aDeviceThatFailsOnABlankImageTooBlamesNoImage() throws Exception {
    EchoDevice broken =
        (pixels, count) -> {
          throw new IllegalStateException("the card fell off the bus");
        };
    try (BatchEngine engine = new BatchEngine(broken, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(EchoDevice.image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class)
          .hasMessageContaining("the card fell off the bus");
      assertThat(engine.stats().poisoned()).isZero();
    }
  }

  @Test
  void aBatchThatFailsOnceIsRunAgainAndNobodyNotices() throws Exception {
    Semaphore failures = new Semaphore(1);
    EchoDevice flaky =
        (pixels, count) -> {
          if (failures.tryAcquire()) {
            throw new IllegalStateException("once");
          }
          return EchoDevice.echo(pixels, count);
        };
    try (BatchEngine engine = new BatchEngine(flaky, BatchOptions.ofSize(4))) {
      assertThat(engine.submit(EchoDevice.image(3)).get()).containsExactly(3);
    }
  }

  @Test
  void aVectorThatIsNotFiniteIsAPoisonImage() throws Exception {
    EchoDevice nan =
        (pixels, count) -> {
          float[][] vectors = EchoDevice.echo(pixels, count);
          for (float[] vector : vectors) {
            vector[0] = vector[0] == EchoDevice.POISON ? Float.NaN : vector[0];
          }
          return vectors;
        };
    try (BatchEngine engine = new BatchEngine(nan, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(EchoDevice.image(EchoDevice.POISON))::get)
          .hasCauseInstanceOf(PoisonImageException.class);
      assertThat(engine.submit(EchoDevice.image(1)).get()).containsExactly(1);
    }
  }

  @Test
  void anErrorOfTheDeviceFailsItsBatchAndTheNextOneRuns() throws Exception {
    Semaphore errors = new Semaphore(1);
    EchoDevice erring =
        (pixels, count) -> {
          if (errors.tryAcquire()) {
            throw new OutOfMemoryError("no device memory");
          }
          return EchoDevice.echo(pixels, count);
        };
    try (BatchEngine engine = new BatchEngine(erring, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(EchoDevice.image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class);
      assertThat(engine.submit(EchoDevice.image(2)).get()).containsExactly(2);
    }
  }
}
