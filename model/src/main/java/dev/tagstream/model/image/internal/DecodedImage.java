package dev.tagstream.model.image.internal;

import java.nio.ByteBuffer;

/**
 * Decoded pixels where the decoder left them, on or off the heap.
 *
 * <p>A sample lies at {@code y * width * pixelStride + x * pixelStride + red}, and likewise for
 * green and blue; gray has all three at the same place. Rows follow one another without padding.
 *
 * @param release frees what {@code pixels} points into
 */
public record DecodedImage(
    ByteBuffer pixels,
    int width,
    int height,
    int pixelStride,
    int red,
    int green,
    int blue,
    Runnable release)
    implements AutoCloseable {

  static DecodedImage onHeap(
      byte[] pixels, int width, int height, int pixelStride, int red, int green, int blue) {
    return new DecodedImage(
        ByteBuffer.wrap(pixels), width, height, pixelStride, red, green, blue, () -> {});
  }

  @Override
  public void close() {
    release.run();
  }
}
