package dev.tagstream.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SparingDeviceTest {

  private final SmallDevice small = new SmallDevice();
  private final SparingDevice device = new SparingDevice("small", small);

  @Test
  void aBatchTooLargeForTheMemoryIsRunInHalvesAndEachImageGetsItsVector() throws Exception {
    small.room = 10;

    float[][] vectors = device.run(images(64), 64);

    assertThat(vectors).hasDimensions(64, 1);
    for (int i = 0; i < 64; i++) {
      assertThat(vectors[i]).containsExactly(i);
    }
    assertThat(small.sizes.subList(0, 4))
        .as("64, 32 and 16 are refused")
        .containsExactly(64, 32, 16, 8);
  }

  @Test
  void theNextBatchIsRunInSmallerPartsFromTheStart() throws Exception {
    small.room = 10;
    device.run(images(64), 64);
    small.sizes.clear();

    device.run(images(20), 20);

    assertThat(small.sizes).containsExactly(8, 8, 4);
  }

  @Test
  void onceThereIsMemoryAgainBatchesGrowBack() throws Exception {
    small.room = 10;
    device.run(images(64), 64);
    small.room = 1_000;

    for (int i = 0; i < 4 * SparingDevice.RUNS_BEFORE_GROWING; i++) {
      device.run(images(64), 64);
    }
    small.sizes.clear();
    device.run(images(64), 64);

    assertThat(small.sizes).containsExactly(64);
  }

  @Test
  void whereOneImageIsTooMuchTheDeviceIsAtFault() {
    small.room = 0;

    assertThatThrownBy(() -> device.run(images(8), 8)).isInstanceOf(DeviceMemoryException.class);
  }

  @Test
  void noImageIsBlamedForALackOfMemory() throws Exception {
    small.room = 3;
    try (BatchEngine engine = new BatchEngine(device, BatchOptions.ofSize(16))) {
      List<CompletableFuture<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        results.add(engine.submit(new byte[] {(byte) i, 0, 0}));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(results.get(i).get()).containsExactly(i);
      }
      assertThat(engine.stats().poisoned()).isZero();
    }
  }

  private static ByteBuffer images(int count) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * count);
    for (int i = 0; i < count; i++) {
      pixels.put(3 * i, (byte) i);
    }
    return pixels;
  }

  /** Has room for so many images at once, and answers each with its first byte. */
  private static final class SmallDevice implements Device {
    final List<Integer> sizes = new ArrayList<>();
    volatile int room;

    @Override
    public int inputBytes() {
      return 3;
    }

    @Override
    public synchronized float[][] run(ByteBuffer pixels, int count) {
      sizes.add(count);
      if (count > room) {
        throw new DeviceMemoryException("no room for " + count, new IllegalStateException());
      }
      float[][] vectors = new float[count][];
      for (int i = 0; i < count; i++) {
        vectors[i] = new float[] {pixels.get(3 * i)};
      }
      return vectors;
    }
  }
}
