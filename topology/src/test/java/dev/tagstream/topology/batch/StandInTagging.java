package dev.tagstream.topology.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Decodes on a pool of workers for a random while, runs the device and names the origin in each
 * result. Every 17th record of a partition is a reject.
 */
public final class StandInTagging implements AsyncTagging {

  private static final int WORKERS = 8;
  private static final int REJECT_EVERY = 17;

  private final BatchEngine engine;
  private final SplittableRandom random;
  private final long longestDecodeMicros;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          WORKERS,
          task -> {
            Thread thread = new Thread(task, "worker");
            thread.setDaemon(true);
            return thread;
          });

  public StandInTagging(BatchEngine engine, long seed, long longestDecodeMicros) {
    this.engine = engine;
    this.random = new SplittableRandom(seed);
    this.longestDecodeMicros = longestDecodeMicros;
  }

  @Override
  public CompletableFuture<List<Output>> start(InputRecord record) {
    return CompletableFuture.supplyAsync(this::decode, workers)
        .thenCompose(
            pixels ->
                isReject(record)
                    ? CompletableFuture.completedFuture(new float[0])
                    : embedded(pixels))
        .thenApplyAsync(vector -> outputs(record), workers);
  }

  private byte[] decode() {
    long micros;
    synchronized (random) {
      micros = random.nextLong(longestDecodeMicros + 1);
    }
    try {
      TimeUnit.MICROSECONDS.sleep(micros);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new byte[3];
  }

  private CompletableFuture<float[]> embedded(byte[] pixels) {
    try {
      return engine.submit(pixels);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }

  static boolean isReject(InputRecord record) {
    return record.offset() % REJECT_EVERY == 0;
  }

  private static List<Output> outputs(InputRecord record) {
    byte[] origin = (record.partition() + "@" + record.offset()).getBytes(UTF_8);
    return isReject(record)
        ? List.of(new Output("rejects", record.key(), origin, record.headers()))
        : List.of(
            new Output("embeddings", record.key(), origin, record.headers()),
            new Output("labels", record.key(), origin, record.headers()));
  }
}
