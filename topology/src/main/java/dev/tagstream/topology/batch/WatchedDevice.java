package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A device that can say how long its calls have been running. Thread-safe. */
final class WatchedDevice implements Device {

  private final Device device;
  private final Map<Thread, Long> startedAt = new ConcurrentHashMap<>();

  WatchedDevice(Device device) {
    this.device = device;
  }

  @Override
  public int inputBytes() {
    return device.inputBytes();
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) throws Exception {
    startedAt.put(Thread.currentThread(), System.nanoTime());
    try {
      return device.run(pixels, count);
    } finally {
      startedAt.remove(Thread.currentThread());
    }
  }

  /** How long the oldest call that has not returned is running; zero if there is none. */
  Duration longestCall() {
    long now = System.nanoTime();
    long longest = 0;
    for (long start : startedAt.values()) {
      longest = Math.max(longest, now - start);
    }
    return Duration.ofNanos(longest);
  }
}
