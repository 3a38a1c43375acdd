package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;

/** A device for images of three bytes, which gives each image's first byte back. */
interface EchoDevice extends Device {
  EchoDevice PLAIN = EchoDevice::echo;

  /** An image that {@link GatedDevice} cannot run. */
  byte POISON = 66;

  static byte[] image(int id) {
    return new byte[] {(byte) id, 0, (byte) id};
  }

  static float[][] echo(ByteBuffer pixels, int count) {
    float[][] vectors = new float[count][1];
    for (int i = 0; i < count; i++) {
      vectors[i][0] = pixels.get(3 * i);
    }
    return vectors;
  }

  @Override
  default int inputBytes() {
    return 3;
  }
}
