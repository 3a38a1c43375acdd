package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageRejectedException;

/**
 * 256 colours; as in Pillow, no palette is a gray ramp, and what a short one does not give is
 * black.
 */
final class Palette {

  private final byte[] rgb = new byte[256 * 3];

  private Palette() {}

  static Palette grayRamp() {
    Palette palette = new Palette();
    for (int i = 0; i < palette.rgb.length; i++) {
      palette.rgb[i] = (byte) (i / 3);
    }
    return palette;
  }

  private void set(int index, int red, int green, int blue) {
    rgb[3 * index] = (byte) red;
    rgb[3 * index + 1] = (byte) green;
    rgb[3 * index + 2] = (byte) blue;
  }

  /** Reads {@code count} entries of three bytes, in the order red, green, blue. */
  static Palette ofRgb(ByteReader reader, int at, int count) throws ImageRejectedException {
    Palette palette = new Palette();
    for (int i = 0; i < count; i++) {
      int entry = at + 3 * i;
      palette.set(i, reader.u8(entry), reader.u8(entry + 1), reader.u8(entry + 2));
    }
    return palette;
  }

  /** Looks every index up. */
  byte[] apply(byte[] indices) {
    byte[] pixels = new byte[Math.multiplyExact(indices.length, 3)];
    for (int i = 0, out = 0; i < indices.length; i++) {
      int entry = 3 * (indices[i] & 0xff);
      pixels[out++] = rgb[entry];
      pixels[out++] = rgb[entry + 1];
      pixels[out++] = rgb[entry + 2];
    }
    return pixels;
  }
}
