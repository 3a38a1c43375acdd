package dev.tagstream.topology.tagging;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads beside the stream threads and the device.
 *
 * @param sources wait for storage; many may be blocked at no cost in processor time
 * @param decoders decode images and fill batches; block while the device is busy
 * @param finishers score and encode; apart from the decoders, so that a finished batch never waits
 *     behind images yet to be decoded
 */
public record Workers(ExecutorService sources, ExecutorService decoders, ExecutorService finishers)
    implements AutoCloseable {

  /** Pools of fixed size; their queues are bounded by the pending records of all tasks. */
  public static Workers start(int sources, int decoders, int finishers) {
    return new Workers(
        pool("source", sources), pool("decode", decoders), pool("finish", finishers));
  }

  private static ExecutorService pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, "tag-" + name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Drops what has not begun; its records are read again by their next owner. */
  @Override
  public void close() {
    sources.shutdownNow();
    decoders.shutdownNow();
    finishers.shutdownNow();
  }
}
