package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes the time of a small GPU: 20 ms a batch and 0.5 ms an image, with a little seeded jitter,
 * and fails a given share of its batches.
 */
public final class StandInDevice implements Device {

  private static final long BATCH_MICROS = 20_000;
  private static final long IMAGE_MICROS = 500;

  private final SplittableRandom random;
  private final double jitter;
  private final double failures;

  public StandInDevice(long seed, double jitter, double failures) {
    this.random = new SplittableRandom(seed);
    this.jitter = jitter;
    this.failures = failures;
  }

  @Override
  public int inputBytes() {
    return 3;
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) throws Exception {
    double slower;
    boolean fails;
    synchronized (random) {
      slower = 1 + jitter * random.nextDouble();
      fails = random.nextDouble() < failures;
    }
    TimeUnit.MICROSECONDS.sleep((long) (slower * (BATCH_MICROS + count * IMAGE_MICROS)));
    if (fails) {
      throw new OutOfMemoryError("a fault of the stand-in device");
    }
    return new float[count][1];
  }
}
