package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;

/** What runs a batch: the model in production, a stand-in in tests. Thread-safe. */
public interface Device {

  /** Bytes of one prepared image: height x width x 3, 8-bit RGB. */
  int inputBytes();

  /**
   * Embeds the first {@code count} images of a direct buffer, which start at its position 0;
   * blocks.
   *
   * @return one vector per image, in order
   * @throws DeviceMemoryException if memory did not suffice for so many
   * @throws Exception if the batch failed, be it for one of its images or for the device itself;
   *     the engine finds out which
   */
  float[][] run(ByteBuffer pixels, int count) throws Exception;
}
