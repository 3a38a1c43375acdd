package dev.tagstream.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // some images are only there to fill a batch
final class BatchEngineTest {

  private static final byte POISON = 66;

  @Test
  void eachImageGetsItsOwnVector() throws Exception {
    try (BatchEngine engine = new BatchEngine(new EchoDevice(), BatchOptions.ofSize(4))) {
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        results.add(engine.submit(image(i)));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(results.get(i).get()).containsExactly(i);
      }
    }
  }

  @Test
  void aFreeDeviceDoesNotWaitForAFullBatch() throws Exception {
    try (BatchEngine engine = new BatchEngine(new EchoDevice(), BatchOptions.ofSize(1_000))) {
      assertThat(engine.submit(image(7)).get()).containsExactly(7);
      assertThat(engine.stats().meanBatch()).isEqualTo(1);
    }
  }

  @Test
  void whatWaitsWhileTheDeviceIsBusyBecomesOneBatch() throws Exception {
    GatedDevice device = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(8, 1))) {
      var first = engine.submit(image(0));
      device.entered.acquire();
      List<CompletableFuture<float[]>> rest = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        rest.add(engine.submit(image(i)));
      }
      device.gate.release(2);
      first.get();
      for (var result : rest) {
        result.get();
      }
      assertThat(device.sizes).containsExactly(1, 8);
    }
  }

  @Test
  void aSubmitterIsHeldWhileAllBuffersAreTakenAndFreedWhenABatchHasRun() throws Exception {
    GatedDevice device = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(2, 1))) {
      var running = engine.submit(image(1));
      device.entered.acquire();
      engine.submit(image(2));
      engine.submit(image(3));
      CountDownLatch submitted = new CountDownLatch(1);
      Thread held =
          new Thread(
              () -> {
                try {
                  engine.submit(image(4));
                  submitted.countDown();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      held.start();
      while (held.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(submitted.getCount()).as("one buffer runs, one is full").isEqualTo(1);
      device.gate.release();
      running.get();
      assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
      device.gate.release(10);
      held.join();
    }
  }

  @Test
  void aPoisonImageFailsAloneAndItsNeighboursGetTheirVectors() throws Exception {
    GatedDevice gate = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(gate, new BatchOptions(16, 1))) {
      engine.submit(image(0));
      gate.entered.acquire();
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(engine.submit(image(i == 5 ? POISON : i)));
      }
      gate.gate.release(1_000);
      for (int i = 0; i < 16; i++) {
        if (i == 5) {
          assertThatThrownBy(results.get(5)::get)
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(PoisonImageException.class);
        } else {
          assertThat(results.get(i).get()).containsExactly(i);
        }
      }
      assertThat(gate.sizes).as("the sixteen ran together before they were split").contains(16);
      assertThat(engine.stats().poisoned()).isEqualTo(1);
    }
  }

  @Test
  void aDeviceThatFailsOnABlankImageTooBlamesNoImage() throws Exception {
    Device broken =
        device(
            (pixels, count) -> {
              throw new IllegalStateException("the card fell off the bus");
            });
    try (BatchEngine engine = new BatchEngine(broken, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class)
          .hasMessageContaining("the card fell off the bus");
      assertThat(engine.stats().poisoned()).isZero();
    }
  }

  @Test
  void aBatchThatFailsOnceIsRunAgainAndNobodyNotices() throws Exception {
    Semaphore failures = new Semaphore(1);
    Device flaky =
        device(
            (pixels, count) -> {
              if (failures.tryAcquire()) {
                throw new IllegalStateException("once");
              }
              return EchoDevice.echo(pixels, count);
            });
    try (BatchEngine engine = new BatchEngine(flaky, BatchOptions.ofSize(4))) {
      assertThat(engine.submit(image(3)).get()).containsExactly(3);
    }
  }

  @Test
  void aVectorThatIsNotFiniteIsAPoisonImage() throws Exception {
    Device nan =
        device(
            (pixels, count) -> {
              float[][] vectors = EchoDevice.echo(pixels, count);
              for (float[] vector : vectors) {
                vector[0] = vector[0] == POISON ? Float.NaN : vector[0];
              }
              return vectors;
            });
    try (BatchEngine engine = new BatchEngine(nan, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(image(POISON))::get)
          .hasCauseInstanceOf(PoisonImageException.class);
      assertThat(engine.submit(image(1)).get()).containsExactly(1);
    }
  }

  @Test
  void anErrorOfTheDeviceFailsItsBatchAndTheNextOneRuns() throws Exception {
    Semaphore errors = new Semaphore(1);
    Device erring =
        device(
            (pixels, count) -> {
              if (errors.tryAcquire()) {
                throw new OutOfMemoryError("no device memory");
              }
              return EchoDevice.echo(pixels, count);
            });
    try (BatchEngine engine = new BatchEngine(erring, BatchOptions.ofSize(4))) {
      assertThatThrownBy(engine.submit(image(1))::get)
          .hasCauseInstanceOf(DeviceFailedException.class);
      assertThat(engine.submit(image(2)).get()).containsExactly(2);
    }
  }

  @Test
  void closingFailsWhatIsOutstandingAndWhatComesLater() throws Exception {
    GatedDevice device = new GatedDevice();
    BatchEngine engine = new BatchEngine(device, new BatchOptions(2, 1));
    var running = engine.submit(image(1));
    device.entered.acquire();
    var waiting = engine.submit(image(2));
    Thread closer = new Thread(engine::close);
    closer.start();
    assertThatThrownBy(running::get).hasCauseInstanceOf(DeviceFailedException.class);
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(DeviceFailedException.class);
    assertThat(closer.isAlive()).as("close waits for the batch on the device").isTrue();
    device.gate.release();
    closer.join();
    assertThatThrownBy(engine.submit(image(3))::get)
        .hasCauseInstanceOf(DeviceFailedException.class);
  }

  @Test
  void warmingUpRunsFullBatchesAsManyAsWillBeInFlight() {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    Device device =
        device(
            (pixels, count) -> {
              sizes.add(count);
              return EchoDevice.echo(pixels, count);
            });
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(6, 3))) {
      assertThat(engine.warmUp()).isPositive();
      assertThat(sizes).containsExactly(6, 6, 6);
    }
  }

  @Test
  void anImageOfTheWrongSizeIsRefusedBeforeItTakesASlot() {
    try (BatchEngine engine = new BatchEngine(new EchoDevice(), BatchOptions.ofSize(2))) {
      assertThatThrownBy(() -> engine.submit(new byte[5]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("An image has 3 bytes, not 5");
    }
  }

  private static byte[] image(int id) {
    return new byte[] {(byte) id, 0, (byte) id};
  }

  private interface Run {
    float[][] run(ByteBuffer pixels, int count) throws Exception;
  }

  private static Device device(Run run) {
    return new Device() {
      @Override
      public int inputBytes() {
        return 3;
      }

      @Override
      public float[][] run(ByteBuffer pixels, int count) throws Exception {
        return run.run(pixels, count);
      }
    };
  }

  /** Gives each image's first byte back. */
  private static final class EchoDevice implements Device {
    static float[][] echo(ByteBuffer pixels, int count) {
      float[][] vectors = new float[count][1];
      for (int i = 0; i < count; i++) {
        vectors[i][0] = pixels.get(3 * i);
      }
      return vectors;
    }

    @Override
    public int inputBytes() {
      return 3;
    }

    @Override
    public float[][] run(ByteBuffer pixels, int count) {
      return echo(pixels, count);
    }
  }

  /** Runs a batch for each permit; a batch with poison in it fails. */
  private static final class GatedDevice implements Device {
    final Semaphore entered = new Semaphore(0);
    final Semaphore gate = new Semaphore(0);
    final List<Integer> sizes = new CopyOnWriteArrayList<>();

    @Override
    public int inputBytes() {
      return 3;
    }

    @Override
    public float[][] run(ByteBuffer pixels, int count) throws Exception {
      sizes.add(count);
      entered.release();
      gate.acquire();
      float[][] vectors = EchoDevice.echo(pixels, count);
      for (float[] vector : vectors) {
        if (vector[0] == POISON) {
          throw new IllegalArgumentException("poison");
        }
      }
      return vectors;
    }
  }
}
