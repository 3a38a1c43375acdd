package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The first image file directory of a TIFF or BigTIFF file (TIFF 6.0), and the number of pages. */
final class TiffFile {

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int PHOTOMETRIC = 262;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;
  private static final int MAX_SAMPLES = 8;

  private final ByteReader reader;
  private final boolean big;

  private TiffFile(ByteReader reader, boolean big) {
    this.reader = reader;
    this.big = big;
  }

  static ImageHeader parse(byte[] file, int maxPages) throws ImageRejectedException {
    ByteOrder order = file[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteReader reader = new ByteReader(file, ImageFormat.TIFF, order);
    TiffFile tiff = new TiffFile(reader, reader.u16(2) == 43);
    int directory = tiff.position(tiff.big ? 8 : 4);
    int width = tiff.size(directory, WIDTH);
    int height = tiff.size(directory, HEIGHT);
    int samples = tiff.value(directory, SAMPLES, 1);
    int bits = tiff.value(directory, BITS, 1);
    if (samples > MAX_SAMPLES || bits > 64) {
      throw reader.unsupported("TIFF with " + samples + " samples of " + bits + " bits");
    }
    tiff.checkTiles(directory, width, height);
    int orientation = ExifOrientation.valid(tiff.value(directory, ORIENTATION, 1));
    int photometric = tiff.value(directory, PHOTOMETRIC, 1);
    int bytes = Math.max(4, samples * ((bits + 7) / 8));
    return new ImageHeader(
        ImageFormat.TIFF,
        width,
        height,
        bytes,
        tiff.countPages(directory, maxPages),
        orientation,
        () -> TiffDecoder.decode(file, width, height, photometric));
  }

  /** Tiles are decoded whole, so one larger than the image costs what the image does not show. */
  private void checkTiles(int directory, int width, int height) throws ImageRejectedException {
    long tileWidth = value(directory, TILE_WIDTH, 1);
    long tileHeight = value(directory, TILE_HEIGHT, 1);
    long allowed = 4L * Math.max(width, 512) * Math.max(height, 512);
    if (tileWidth < 1 || tileHeight < 1 || tileWidth * tileHeight > allowed) {
      throw reader.damaged("tiles of " + tileWidth + " x " + tileHeight);
    }
  }

  private int countPages(int first, int maxPages) throws ImageRejectedException {
    int pages = 1;
    int directory = first;
    while (pages <= maxPages) {
      long end = end(directory);
      if (!reader.has(end, big ? 8 : 4)) {
        return pages;
      }
      long next = big ? u64((int) end) : reader.u32((int) end);
      if (next == 0 || !reader.has(next, 2)) {
        return pages;
      }
      directory = (int) next;
      pages++;
    }
    return pages;
  }

  private long entries(int directory) throws ImageRejectedException {
    long entries = big ? u64(directory) : reader.u16(directory);
    reader.require(directory, big ? 8 + 20 * Math.min(entries, 1 << 24) : 2 + 12 * entries);
    return entries;
  }

  private long end(int directory) throws ImageRejectedException {
    long entries = entries(directory);
    return directory + (big ? 8 + 20 * entries : 2 + 12 * entries);
  }

  private int size(int directory, int tag) throws ImageRejectedException {
    int value = value(directory, tag, 0);
    if (value < 1) {
      throw reader.damaged("no " + (tag == WIDTH ? "width" : "height"));
    }
    return value;
  }

  private int value(int directory, int tag, int otherwise) throws ImageRejectedException {
    Long value = find(directory, tag);
    if (value == null) {
      return otherwise;
    }
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw reader.damaged("tag " + tag + " has the value " + value);
    }
    return value.intValue();
  }

  /**
   * The first value of a tag, whether it stands in the entry or elsewhere; null without the tag.
   */
  private @Nullable Long find(int directory, int tag) throws ImageRejectedException {
    long entries = entries(directory);
    int entrySize = big ? 20 : 12;
    for (int i = 0; i < entries; i++) {
      int entry = directory + (big ? 8 : 2) + entrySize * i;
      if (reader.u16(entry) == tag) {
        int type = reader.u16(entry + 2);
        long count = big ? u64(entry + 4) : reader.u32(entry + 4);
        int inline = entry + (big ? 12 : 8);
        long bytes = Math.multiplyExact(Math.min(count, 1L << 24), bytesOf(type));
        return number(bytes > (big ? 8 : 4) ? position(inline) : inline, type);
      }
    }
    return null;
  }

  private int bytesOf(int type) throws ImageRejectedException {
    return switch (type) {
      case BYTE -> 1;
      case SHORT -> 2;
      case LONG -> 4;
      case LONG8 -> 8;
      default -> throw reader.damaged("a size of type " + type);
    };
  }

  private long number(int at, int type) throws ImageRejectedException {
    return switch (type) {
      case BYTE -> reader.u8(at);
      case SHORT -> reader.u16(at);
      case LONG -> reader.u32(at);
      default -> u64(at);
    };
  }

  private int position(int at) throws ImageRejectedException {
    long position = big ? u64(at) : reader.u32(at);
    reader.require(position, 2);
    return (int) position;
  }

  /** An unsigned 64-bit number that must fit a position in memory. */
  private long u64(int at) throws ImageRejectedException {
    long first = reader.u32(at);
    long second = reader.u32(at + 4);
    boolean littleEndian = reader.matches(0, "II");
    long high = littleEndian ? second : first;
    if (high != 0) {
      throw reader.damaged("a number beyond 32 bits");
    }
    return littleEndian ? first : second;
  }
}
