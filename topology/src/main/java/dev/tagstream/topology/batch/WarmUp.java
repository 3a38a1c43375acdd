package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the devices at their worst: full batches, all at once. */
final class WarmUp {

  private WarmUp() {}

  static Duration run(List<DeviceLane> devices, BatchOptions options, int imageBytes) {
    ByteBuffer blank =
        ByteBuffer.allocateDirect(Math.multiplyExact(options.maxBatch(), imageBytes));
    List<Callable<float[][]>> batches = new ArrayList<>();
    for (DeviceLane device : devices) {
      for (int i = 0; i < options.inFlight(); i++) {
        batches.add(() -> batch(device, blank.duplicate(), options));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(batches.size());
    try {
      long start = System.nanoTime();
      for (Future<float[][]> batch : threads.invokeAll(batches)) {
        batch.get();
      }
      return Duration.ofNanos(System.nanoTime() - start);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DeviceFailedException failure) {
        throw failure;
      }
      throw new DeviceFailedException("The warm-up failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeviceFailedException("Interrupted while warming up", e);
    } finally {
      threads.shutdown();
    }
  }

  private static float[][] batch(DeviceLane device, ByteBuffer blank, BatchOptions options) {
    try {
      return device.device().run(blank, options.maxBatch());
    } catch (Exception e) {
      throw new DeviceFailedException(
          "%s cannot run %d batches of %d blank images: %s"
              .formatted(device.name(), options.inFlight(), options.maxBatch(), e),
          e);
    }
  }
}
