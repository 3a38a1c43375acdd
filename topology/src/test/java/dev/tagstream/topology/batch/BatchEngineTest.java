package dev.tagstream.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // some images are only there to fill a batch
final class BatchEngineTest {

  @Test
  void eachImageGetsItsOwnVector() throws Exception {
    try (BatchEngine engine = new BatchEngine(EchoDevice.PLAIN, BatchOptions.ofSize(4))) {
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        results.add(engine.submit(EchoDevice.image(i)));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(results.get(i).get()).containsExactly(i);
      }
    }
  }

  @Test
  void aFreeDeviceDoesNotWaitForAFullBatch() throws Exception {
    try (BatchEngine engine = new BatchEngine(EchoDevice.PLAIN, BatchOptions.ofSize(1_000))) {
      assertThat(engine.submit(EchoDevice.image(7)).get()).containsExactly(7);
      assertThat(engine.stats().meanBatch()).isEqualTo(1);
    }
  }

  @Test
  void whatWaitsWhileTheDeviceIsBusyBecomesOneBatch() throws Exception {
    GatedDevice device = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(8, 1))) {
      var first = engine.submit(EchoDevice.image(0));
      device.awaitEntered();
      List<CompletableFuture<float[]>> rest = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        rest.add(engine.submit(EchoDevice.image(i)));
      }
      device.release(2);
      first.get();
      for (var result : rest) {
        result.get();
      }
      assertThat(device.sizes()).containsExactly(1, 8);
    }
  }

  @Test
  void aSubmitterIsHeldWhileAllBuffersAreTakenAndFreedWhenABatchHasRun() throws Exception {
    GatedDevice device = new GatedDevice();
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(2, 1))) {
      var running = engine.submit(EchoDevice.image(1));
      device.awaitEntered();
      engine.submit(EchoDevice.image(2));
      engine.submit(EchoDevice.image(3));
      CountDownLatch submitted = new CountDownLatch(1);
      Thread held =
          new Thread(
              () -> {
                try {
                  engine.submit(EchoDevice.image(4));
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
      device.release();
      running.get();
      assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
      device.release(10);
      held.join();
    }
  }

  @Test
  void closingFailsWhatIsOutstandingAndWhatComesLater() throws Exception {
    GatedDevice device = new GatedDevice();
    BatchEngine engine = new BatchEngine(device, new BatchOptions(2, 1));
    var running = engine.submit(EchoDevice.image(1));
    device.awaitEntered();
    var waiting = engine.submit(EchoDevice.image(2));
    Thread closer = new Thread(engine::close);
    closer.start();
    assertThatThrownBy(running::get).hasCauseInstanceOf(DeviceFailedException.class);
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(DeviceFailedException.class);
    assertThat(closer.isAlive()).as("close waits for the batch on the device").isTrue();
    device.release();
    closer.join();
    assertThatThrownBy(engine.submit(EchoDevice.image(3))::get)
        .hasCauseInstanceOf(DeviceFailedException.class);
  }

  @Test
  void warmingUpRunsFullBatchesAsManyAsWillBeInFlight() {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    EchoDevice device =
        (pixels, count) -> {
          sizes.add(count);
          return EchoDevice.echo(pixels, count);
        };
    try (BatchEngine engine = new BatchEngine(device, new BatchOptions(6, 3))) {
      assertThat(engine.warmUp()).isPositive();
      assertThat(sizes).containsExactly(6, 6, 6);
    }
  }

  @Test
  void anImageOfTheWrongSizeIsRefusedBeforeItTakesASlot() {
    try (BatchEngine engine = new BatchEngine(EchoDevice.PLAIN, BatchOptions.ofSize(2))) {
      assertThatThrownBy(() -> engine.submit(new byte[5]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("An image has 3 bytes, not 5");
    }
  }
}
