package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Runs the device at its worst: full batches, all at once. */
final class WarmUp {

  private WarmUp() {}

  static Duration run(Device device, BatchOptions options) {
    ExecutorService threads = Executors.newFixedThreadPool(options.inFlight());
    try {
      List<Callable<float[][]>> batches =
          Stream.generate(() -> blankBatch(device, options.maxBatch()))
              .limit(options.inFlight())
              .toList();
      long start = System.nanoTime();
      for (Future<float[][]> batch : threads.invokeAll(batches)) {
        batch.get();
      }
      return Duration.ofNanos(System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new DeviceFailedException(
          "The device cannot run %d batches of %d blank images: %s"
              .formatted(options.inFlight(), options.maxBatch(), e.getCause()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeviceFailedException("Interrupted while warming up", e);
    } finally {
      threads.shutdown();
    }
  }

  private static Callable<float[][]> blankBatch(Device device, int count) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(count, device.inputBytes()));
    return () -> device.run(pixels, count);
  }
}
