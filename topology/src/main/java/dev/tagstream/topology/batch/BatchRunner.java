package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs a batch and, when it fails, finds out whose fault it was: a blank image tells a broken
 * device from a poison image, and halving the batch finds the poison. Confined to one device
 * thread, but for the device.
 */
final class BatchRunner {

  private static final byte GREY = 127;

  private final Device device;
  private final ByteBuffer blank;

  BatchRunner(Device device) {
    this.device = device;
    this.blank = ByteBuffer.allocateDirect(device.inputBytes());
    byte[] grey = new byte[device.inputBytes()];
    Arrays.fill(grey, GREY);
    blank.put(0, grey);
  }

  /**
   * The outcome per image: its vector, or a {@link PoisonImageException}.
   *
   * @throws DeviceFailedException if a blank image fails too
   */
  Object[] run(Batch batch) {
    Object[] outcomes = new Object[batch.size()];
    Exception failure = tryRun(batch, 0, batch.size(), outcomes);
    if (failure != null) {
      checkDevice(failure);
      isolate(batch, 0, batch.size(), outcomes, failure);
    }
    return outcomes;
  }

  private void isolate(Batch batch, int from, int count, Object[] outcomes, Exception failure) {
    if (count == 1) {
      convict(batch, from, outcomes, failure);
      return;
    }
    int half = count / 2;
    isolatePart(batch, from, half, outcomes);
    isolatePart(batch, from + half, count - half, outcomes);
  }

  /** A passing fault must not cost an image, and only a working device may convict one. */
  private void convict(Batch batch, int slot, Object[] outcomes, Exception failure) {
    if (tryRun(batch, slot, 1, outcomes) != null) {
      checkDevice(failure);
      outcomes[slot] =
          new PoisonImageException("The device fails on this image: " + failure, failure);
    }
  }

  private void isolatePart(Batch batch, int from, int count, Object[] outcomes) {
    Exception failure = tryRun(batch, from, count, outcomes);
    if (failure != null) {
      isolate(batch, from, count, outcomes, failure);
    }
  }

  /** Whether a blank image can be run. */
  boolean deviceWorks() {
    return attempt(blank.duplicate(), 1, new Object[1], 0) == null;
  }

  private void checkDevice(Exception failure) {
    if (!deviceWorks()) {
      throw new DeviceFailedException(
          "The device fails even on a blank image: " + failure, failure);
    }
  }

  private @Nullable Exception tryRun(Batch batch, int from, int count, Object[] outcomes) {
    return attempt(batch.images(from, count), count, outcomes, from);
  }

  private @Nullable Exception attempt(
      ByteBuffer pixels, int count, Object[] outcomes, int firstOutcome) {
    try {
      float[][] vectors = device.run(pixels, count);
      if (vectors.length != count) {
        return new IllegalStateException(
            "The device gave %d vectors for %d images".formatted(vectors.length, count));
      }
      for (int i = 0; i < count; i++) {
        if (!isFinite(vectors[i])) {
          return new ArithmeticException("The device gave a vector that is not finite");
        }
      }
      System.arraycopy(vectors, 0, outcomes, firstOutcome, count);
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private static boolean isFinite(float[] vector) {
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        return false;
      }
    }
    return true;
  }
}
