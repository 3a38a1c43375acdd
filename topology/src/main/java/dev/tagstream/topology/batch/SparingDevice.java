package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device whose memory others use too. When it does not suffice, the images are run in halves,
 * this time and from then on; after a while twice as many are tried again, up to as many as are
 * asked for. Nothing is lost by it but time. Thread-safe: batches that run side by side share the
 * limit, as they share the memory.
 */
public final class SparingDevice implements Device {
  private static final Logger LOG = LoggerFactory.getLogger(SparingDevice.class);

  /** Of as many images as are allowed; trying more too early costs runs that fail. */
  static final int RUNS_BEFORE_GROWING = 200;

  private final String name;
  private final Device device;
  private int asked;
  private int most = Integer.MAX_VALUE;
  private int runsAtMost;

  /**
   * @param name for the log
   */
  public SparingDevice(String name, Device device) {
    this.name = name;
    this.device = device;
  }

  @Override
  public int inputBytes() {
    return device.inputBytes();
  }

  /**
   * {@inheritDoc}
   *
   * @throws DeviceMemoryException if memory does not suffice for a single image
   */
  @Override
  public float[][] run(ByteBuffer pixels, int count) throws Exception {
    float[][] vectors = new float[count][];
    int done = 0;
    while (done < count) {
      int size = Math.min(count - done, mostOf(count));
      try {
        float[][] part = device.run(images(pixels, done, size), size);
        if (part.length != size) {
          return part;
        }
        System.arraycopy(part, 0, vectors, done, size);
        done += size;
        ran(size);
      } catch (DeviceMemoryException e) {
        if (size == 1) {
          throw e;
        }
        shrinkBelow(size);
      }
    }
    return vectors;
  }

  private synchronized int mostOf(int count) {
    asked = Math.max(asked, count);
    return most;
  }

  private ByteBuffer images(ByteBuffer pixels, int from, int count) {
    return from == 0 ? pixels : pixels.duplicate().slice(from * inputBytes(), count * inputBytes());
  }

  private synchronized void ran(int size) {
    if (size < most || most >= asked) {
      return;
    }
    runsAtMost++;
    if (runsAtMost >= RUNS_BEFORE_GROWING) {
      runsAtMost = 0;
      most = Math.min(asked, 2 * most);
      LOG.info("Trying batches of up to {} images on {} again", most, name);
    }
  }

  private synchronized void shrinkBelow(int size) {
    runsAtMost = 0;
    if (size > most) {
      // Another batch has met the same and said so.
      return;
    }
    most = Math.max(1, size / 2);
    LOG.warn(
        "{} has no memory for {} images at once; running up to {}. Smaller batches"
            + " (batch.maxSize, batch.inFlight) would spare the attempt",
        name,
        size,
        most);
  }
}
