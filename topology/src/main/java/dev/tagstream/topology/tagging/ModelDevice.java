package dev.tagstream.topology.tagging;

import dev.tagstream.model.ImageTower;
import dev.tagstream.model.runtime.InferenceException;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.batch.DeviceMemoryException;
import java.nio.ByteBuffer;

/** An image tower as one of the batch engine's devices. The tower is the caller's. */
public final class ModelDevice implements Device {
  private static final int RGB = 3;

  private final ImageTower tower;

  public ModelDevice(ImageTower tower) {
    this.tower = tower;
  }

  @Override
  public int inputBytes() {
    int side = tower.imageSize();
    return side * side * RGB;
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) {
    try {
      return tower.embedPixels(pixels, count);
    } catch (InferenceException e) {
      if (e.outOfMemory()) {
        throw new DeviceMemoryException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
