package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Runs a batch for each permit; a batch with poison in it fails. */
final class GatedDevice implements EchoDevice {
  private final Semaphore entered = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();

  void awaitEntered() throws InterruptedException {
    entered.acquire();
  }

  /** Whether a batch has come that nobody has asked for yet. */
  boolean hasEntered() {
    return entered.tryAcquire();
  }

  void release(int batches) {
    gate.release(batches);
  }

  void release() {
    release(1);
  }

  /** Of all batches, in the order they came. */
  List<Integer> sizes() {
    return sizes;
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
