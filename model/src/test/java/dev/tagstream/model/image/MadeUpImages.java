package dev.tagstream.model.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Images of pseudo-random pixels, the same ones as {@code made_up_pixels} in image_golden.py. */
final class MadeUpImages {

  private static final int AFTER_PNG_HEADER = 33;

  private MadeUpImages() {}

  static BufferedImage image(int width, int height, int seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int state = seed;
    for (int i = 0; i < width * height; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        state = state * 1664525 + 1013904223;
        rgb = (rgb << 8) | (state >>> 24);
      }
      image.setRGB(i % width, i / width, rgb);
    }
    return image;
  }

  static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  /** The PNG with an eXIf chunk that holds nothing but the orientation. */
  static byte[] withOrientation(byte[] png, int orientation) {
    byte[] exif = {
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length);
    chunk.putInt(exif.length).put(new byte[] {'e', 'X', 'I', 'f'}).put(exif);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + exif.length);
    chunk.putInt((int) crc.getValue());
    ByteBuffer whole = ByteBuffer.allocate(png.length + chunk.capacity());
    whole.put(png, 0, AFTER_PNG_HEADER).put(chunk.array());
    whole.put(png, AFTER_PNG_HEADER, png.length - AFTER_PNG_HEADER);
    return whole.array();
  }
}
