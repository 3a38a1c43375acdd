package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The blocks of a GIF file (GIF89a specification), and its first frame on the logical screen: the
 * JDK's reader gives the frame's colour numbers, the rest is done here.
 */
final class GifFile {

  private static final int SCREEN = 6;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int TRAILER = 0x3b;
  private static final int INTERLACED = 0x40;
  private static final int GRAPHIC_CONTROL = 0xf9;

  private final ByteReader reader;
  private int width;
  private int height;
  private Palette palette = Palette.grayRamp();
  private int background;
  private int left;
  private int top;
  private int frameWidth;
  private int frameHeight;
  private int frames;
  private byte[] plain = {};

  private GifFile(ByteReader reader) {
    this.reader = reader;
  }

  static ImageHeader parse(ByteReader reader) throws ImageRejectedException {
    GifFile gif = new GifFile(reader);
    gif.read();
    return new ImageHeader(
        ImageFormat.GIF, gif.width, gif.height, 4, gif.frames, ExifOrientation.NORMAL, gif::decode);
  }

  private void read() throws ImageRejectedException {
    width = reader.u16(SCREEN);
    height = reader.u16(SCREEN + 2);
    int flags = reader.u8(SCREEN + 4);
    int position = SCREEN + 7;
    if ((flags & 0x80) != 0) {
      int colours = 2 << (flags & 7);
      palette = Palette.ofRgb(reader, position, colours);
      position += 3 * colours;
    }
    while (reader.has(position, 1) && reader.u8(position) != TRAILER) {
      int block = reader.u8(position);
      if (block == EXTENSION) {
        position = readExtension(position);
      } else if (block == IMAGE) {
        position = readImage(position);
      } else {
        position++;
      }
    }
    if (frames == 0) {
      throw reader.damaged("it has no image");
    }
  }

  private int readExtension(int position) throws ImageRejectedException {
    boolean transparent =
        reader.u8(position + 1) == GRAPHIC_CONTROL
            && reader.u8(position + 2) >= 4
            && (reader.u8(position + 3) & 1) != 0;
    if (frames == 0 && transparent) {
      background = reader.u8(position + 6);
    }
    return skipBlocks(position + 2);
  }

  private int readImage(int position) throws ImageRejectedException {
    int flags = reader.u8(position + 9);
    int colours = (flags & 0x80) != 0 ? 2 << (flags & 7) : 0;
    if (frames == 0) {
      left = reader.u16(position + 1);
      top = reader.u16(position + 3);
      frameWidth = reader.u16(position + 5);
      frameHeight = reader.u16(position + 7);
      width = Math.max(width, left + frameWidth);
      height = Math.max(height, top + frameHeight);
      if (colours > 0) {
        palette = Palette.ofRgb(reader, position + 10, colours);
      }
    }
    int data = position + 10 + 3 * colours;
    int end = skipBlocks(data + 1);
    if (frames == 0) {
      plain = plainCopy(flags, data, Math.min(end, reader.size()));
    }
    frames++;
    return end;
  }

  /**
   * Later frames may be cut off: only the first is decoded, and its decoder checks its own data.
   */
  private int skipBlocks(int position) throws ImageRejectedException {
    int next = position;
    while (reader.has(next, 1) && reader.u8(next) != 0) {
      next += 1 + reader.u8(next);
    }
    return next + 1;
  }

  /**
   * A file of this frame's compressed data alone. The JDK's reader stumbles over extensions,
   * palettes shorter than the colours used, and a missing end, none of which it needs to see.
   */
  private byte[] plainCopy(int flags, int data, int end) throws ImageRejectedException {
    byte[] blackPalette = new byte[256 * 3];
    ByteBuffer copy =
        ByteBuffer.allocate(13 + blackPalette.length + 10 + (end - data) + 2)
            .order(ByteOrder.LITTLE_ENDIAN);
    copy.put(reader.copy(0, SCREEN));
    copy.putShort((short) frameWidth).putShort((short) frameHeight);
    copy.put((byte) 0xf7).putShort((short) 0);
    copy.put(blackPalette);
    copy.put((byte) IMAGE).putInt(0);
    copy.putShort((short) frameWidth).putShort((short) frameHeight);
    copy.put((byte) (flags & INTERLACED));
    copy.put(reader.copy(data, end - data));
    copy.put((byte) 0).put((byte) TRAILER);
    return copy.array();
  }

  private DecodedImage decode() throws IOException, ImageRejectedException {
    byte[] screen = new byte[width * height];
    Arrays.fill(screen, (byte) background);
    Raster frame = JdkDecoder.GIF.read(plain).getRaster();
    if (frame.getWidth() != frameWidth || frame.getHeight() != frameHeight) {
      throw reader.damaged("its frame is " + frame.getWidth() + " x " + frame.getHeight());
    }
    int[] row = new int[frameWidth];
    for (int y = 0; y < frameHeight; y++) {
      frame.getSamples(0, y, frameWidth, 1, 0, row);
      for (int x = 0; x < frameWidth; x++) {
        screen[(top + y) * width + left + x] = (byte) row[x];
      }
    }
    return DecodedImage.onHeap(palette.apply(screen), width, height, 3, 0, 1, 2);
  }
}
