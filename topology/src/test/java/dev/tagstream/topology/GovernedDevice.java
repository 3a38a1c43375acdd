package dev.tagstream.topology;

import dev.tagstream.topology.batch.Device;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A real device that a test can slow down, hang or break. */
final class GovernedDevice implements Device {
  private final Device device;
  private volatile Duration slowness = Duration.ZERO;
  private volatile boolean broken;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  GovernedDevice(Device device) {
    this.device = device;
  }

  /** Every batch takes so much longer. */
  void slowDown(Duration by) {
    slowness = by;
  }

  void hang() {
    gate = new CountDownLatch(1);
  }

  void goOn() {
    gate.countDown();
  }

  void breakDown() {
    broken = true;
  }

  @Override
  public int inputBytes() {
    return device.inputBytes();
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) throws Exception {
    gate.await();
    Thread.sleep(slowness.toMillis());
    if (broken) {
      throw new IllegalStateException("the card fell off the bus");
    }
    return device.run(pixels, count);
  }
}
