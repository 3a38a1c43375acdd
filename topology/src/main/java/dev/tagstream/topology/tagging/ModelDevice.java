package dev.tagstream.topology.tagging;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.runtime.InferenceException;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.batch.DeviceMemoryException;
import java.nio.ByteBuffer;

/** The model's image tower as the batch engine's device. The model is the caller's. */
public final class ModelDevice implements Device {
  private static final int RGB = 3;

  private final ClipModel model;

  public ModelDevice(ClipModel model) {
    this.model = model;
  }

  @Override
  public int inputBytes() {
    int side = model.checkpoint().imageSize();
    return side * side * RGB;
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) {
    try {
      return model.embedPixels(pixels, count);
    } catch (InferenceException e) {
      if (e.outOfMemory()) {
        throw new DeviceMemoryException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
