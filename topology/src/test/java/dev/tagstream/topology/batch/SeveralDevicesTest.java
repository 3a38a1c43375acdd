package dev.tagstream.topology.batch;

import static dev.tagstream.topology.batch.EchoDevice.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How several devices share the images of one engine. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // some images are only there to fill a batch
final class SeveralDevicesTest {
  private final GatedDevice one = new GatedDevice();
  private final GatedDevice two = new GatedDevice();

  private static BatchEngine engine(BatchOptions options, Device one, Device two) {
    return new BatchEngine(
        List.of(new NamedDevice("one", one), new NamedDevice("two", two)),
        options,
        BatchListener.NONE);
  }

  /** A device none of whose threads has started yet cannot be preferred. */
  private static void awaitFreeThreads(int threads) {
    long waiting = 0;
    while (waiting < threads) {
      waiting =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().matches("tagstream-device-(one|two)-\\d"))
              .filter(thread -> thread.getState() == Thread.State.WAITING)
              .count();
    }
  }

  private void releaseAll() {
    one.release(1_000);
    two.release(1_000);
  }

  @Test
  void twoBatchesThatAreThereAtOnceRunOnTwoDevices() throws Exception {
    for (int round = 0; round < 20; round++) {
      GatedDevice left = new GatedDevice();
      GatedDevice right = new GatedDevice();
      try (BatchEngine engine = engine(new BatchOptions(1, 2), left, right)) {
        awaitFreeThreads(4);
        var first = engine.submit(image(1));
        var second = engine.submit(image(2));
        left.awaitEntered();
        right.awaitEntered();
        left.release();
        right.release();
        assertThat(first.get()).containsExactly(1);
        assertThat(second.get()).containsExactly(2);
      }
      assertThat(left.sizes()).as("neither had two while the other had none").containsExactly(1);
      assertThat(right.sizes()).containsExactly(1);
    }
  }

  @Test
  void aFreeDeviceTakesAllThatComesWhileTheOtherIsBusy() throws Exception {
    try (BatchEngine engine = engine(new BatchOptions(4, 1), one, EchoDevice.PLAIN)) {
      CompletableFuture<float[]> held = engine.submit(image(0));
      while (!one.hasEntered()) {
        held = held.isDone() ? engine.submit(image(0)) : held;
      }
      for (int i = 0; i < 100; i++) {
        assertThat(engine.submit(image(i)).get()).containsExactly(i);
      }
      assertThat(held).isNotDone();
      releaseAll();
      assertThat(held.get()).containsExactly(0);
      assertThat(one.sizes()).hasSize(1);
    }
  }

  @Test
  void underLoadEachDeviceHasAFullBatchWaiting() throws Exception {
    try (BatchEngine engine = engine(new BatchOptions(4, 1), one, two)) {
      for (int i = 0; i < 2; i++) {
        engine.submit(image(i));
        while (!one.hasEntered() && !two.hasEntered()) {
          Thread.onSpinWait();
        }
      }
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(engine.submit(image(i)));
      }
      releaseAll();
      for (CompletableFuture<float[]> result : results) {
        result.get();
      }
      List<Integer> sizes = new ArrayList<>(one.sizes());
      sizes.addAll(two.sizes());
      assertThat(sizes).containsExactlyInAnyOrder(1, 1, 4, 4);
    }
  }

  @Test
  void aSubmitterIsHeldOnceTheBuffersOfAllDevicesAreTaken() throws Exception {
    try (BatchEngine engine = engine(new BatchOptions(1, 1), one, two)) {
      for (int i = 0; i < 4; i++) {
        engine.submit(image(i));
      }
      CountDownLatch submitted = new CountDownLatch(1);
      Thread held = new Thread(() -> submit(engine, submitted));
      held.start();
      while (held.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(submitted.getCount()).as("two run, two wait").isEqualTo(1);
      two.release();
      assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
      releaseAll();
      held.join();
      assertThat(engine.stats().blockedNanos()).isPositive();
    }
  }

  private static void submit(BatchEngine engine, CountDownLatch submitted) {
    try {
      engine.submit(image(4));
      submitted.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theTotalsAreThoseOfAllDevices() throws Exception {
    List<String> heard = new ArrayList<>();
    List<NamedDevice> devices = List.of(new NamedDevice("one", one), new NamedDevice("two", two));
    try (BatchEngine engine =
        new BatchEngine(
            devices,
            new BatchOptions(1, 1),
            (device, images) -> {
              synchronized (heard) {
                heard.add(device + " " + images);
              }
            })) {
      releaseAll();
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        results.add(engine.submit(image(i)));
      }
      for (CompletableFuture<float[]> result : results) {
        result.get();
      }
      assertThat(engine.stats().images()).isEqualTo(30);
      assertThat(engine.devices()).extracting(DeviceLane::name).containsExactly("one", "two");
      for (DeviceLane device : engine.devices()) {
        assertThat(heard)
            .filteredOn(line -> line.equals(device.name() + " 1"))
            .hasSize((int) device.stats().images());
      }
      assertThat(heard).hasSize(30);
    }
  }

  @Test
  void aDeviceThatHangsIsToldFromTheOneThatWorks() throws Exception {
    try (BatchEngine engine = engine(new BatchOptions(1, 1), one, EchoDevice.PLAIN)) {
      while (!one.hasEntered()) {
        engine.submit(image(1));
      }
      assertThat(engine.devices().get(0).longestCall()).isPositive();
      assertThat(engine.longestDeviceCall()).isPositive();
      assertThat(engine.submit(image(2)).get()).containsExactly(2);
      releaseAll();
    }
  }

  @Test
  void closingFailsWhatIsOnAnyDeviceAndWaitsForAll() throws Exception {
    BatchEngine engine = engine(new BatchOptions(1, 1), one, two);
    var first = engine.submit(image(1));
    var second = engine.submit(image(2));
    var waiting = engine.submit(image(3));
    one.awaitEntered();
    two.awaitEntered();
    Thread closer = new Thread(engine::close);
    closer.start();
    for (var result : List.of(first, second, waiting)) {
      assertThatThrownBy(result::get).hasCauseInstanceOf(DeviceFailedException.class);
    }
    one.release();
    assertThat(closer.isAlive()).as("the other device still has a batch").isTrue();
    two.release();
    closer.join();
  }

  @Test
  void warmingUpRunsFullBatchesOnEachDevice() {
    releaseAll();
    try (BatchEngine engine = engine(new BatchOptions(6, 2), one, two)) {
      assertThat(engine.warmUp()).isPositive();
    }
    assertThat(one.sizes()).containsExactly(6, 6);
    assertThat(two.sizes()).containsExactly(6, 6);
  }

  @Test
  void aDeviceThatCannotBeWarmedUpIsNamed() {
    releaseAll();
    EchoDevice broken =
        (pixels, count) -> {
          throw new IllegalStateException("no kernel image");
        };
    try (BatchEngine engine = engine(new BatchOptions(6, 2), one, broken)) {
      assertThatThrownBy(engine::warmUp)
          .isInstanceOf(DeviceFailedException.class)
          .hasMessage(
              "two cannot run 2 batches of 6 blank images: java.lang.IllegalStateException: no kernel image");
    }
  }

  @Test
  void twoDevicesOfOneNameAreRefused() {
    List<NamedDevice> twins =
        List.of(new NamedDevice("one", one), new NamedDevice("one", EchoDevice.PLAIN));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchEngine(twins, BatchOptions.ofSize(1), BatchListener.NONE))
        .withMessageContaining("names of their own");
  }
}
