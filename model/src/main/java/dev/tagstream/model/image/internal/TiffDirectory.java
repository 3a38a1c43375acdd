package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageRejectedException;

/** One image file directory of a TIFF or BigTIFF file: unsigned whole numbers by tag. */
final class TiffDirectory {

  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  private final ByteReader reader;
  private final boolean big;
  private final int start;
  private final int entries;

  private TiffDirectory(ByteReader reader, boolean big, long start) throws ImageRejectedException {
    this.reader = reader;
    this.big = big;
    reader.require(start, big ? 8 : 2);
    this.start = (int) start;
    long count = big ? u64(this.start) : reader.u16(this.start);
    reader.require(start + (big ? 8 : 2), Math.min(count, Integer.MAX_VALUE) * entrySize());
    this.entries = (int) count;
  }

  /** The directory of the first page. */
  static TiffDirectory first(ByteReader reader) throws ImageRejectedException {
    boolean big = reader.u16(2) == 43;
    long start = big ? new TiffDirectory(reader).u64(8) : reader.u32(4);
    return new TiffDirectory(reader, big, start);
  }

  /** Reads numbers only. */
  private TiffDirectory(ByteReader reader) {
    this.reader = reader;
    this.big = true;
    this.start = 0;
    this.entries = 0;
  }

  private int entrySize() {
    return big ? 20 : 12;
  }

  /** Counts this page and those after it, up to {@code enough}; a broken chain ends the count. */
  int countPages(int enough) {
    int pages = 1;
    TiffDirectory page = this;
    try {
      while (pages < enough) {
        int end = page.start + (big ? 8 : 2) + page.entries * entrySize();
        long next = big ? u64(end) : reader.u32(end);
        if (next == 0) {
          return pages;
        }
        page = new TiffDirectory(reader, big, next);
        pages++;
      }
    } catch (ImageRejectedException brokenChain) {
      return pages;
    }
    return pages;
  }

  /** The first value of a tag, or {@code otherwise} where the tag is missing. */
  int value(int tag, int otherwise) throws ImageRejectedException {
    long[] values = values(tag, 1);
    if (values.length == 0) {
      return otherwise;
    }
    if (values[0] > Integer.MAX_VALUE) {
      throw reader.damaged("tag " + tag + " has the value " + values[0]);
    }
    return (int) values[0];
  }

  /** The first {@code most} values of a tag; none where the tag is missing. */
  long[] values(int tag, int most) throws ImageRejectedException {
    for (int i = 0; i < entries; i++) {
      int entry = start + (big ? 8 : 2) + entrySize() * i;
      if (reader.u16(entry) == tag) {
        return read(entry, most);
      }
    }
    return new long[0];
  }

  private long[] read(int entry, int most) throws ImageRejectedException {
    int type = reader.u16(entry + 2);
    int size =
        switch (type) {
          case BYTE -> 1;
          case SHORT -> 2;
          case LONG -> 4;
          case LONG8 -> 8;
          default -> throw reader.damaged("tag " + reader.u16(entry) + " has the type " + type);
        };
    long count = big ? u64(entry + 4) : reader.u32(entry + 4);
    int inline = entry + (big ? 12 : 8);
    long at = inline;
    if (count * size > (big ? 8 : 4)) {
      at = big ? u64(inline) : reader.u32(inline);
    }
    long wanted = Math.min(count, most);
    reader.require(at, wanted * size);
    long[] values = new long[(int) wanted];
    for (int i = 0; i < values.length; i++) {
      int position = (int) at + i * size;
      values[i] =
          switch (size) {
            case 1 -> reader.u8(position);
            case 2 -> reader.u16(position);
            case 4 -> reader.u32(position);
            default -> u64(position);
          };
    }
    return values;
  }

  /** A 64-bit number; those that could not be a size or position in memory are refused. */
  private long u64(int at) throws ImageRejectedException {
    long first = reader.u32(at);
    long second = reader.u32(at + 4);
    boolean littleEndian = reader.matches(0, "II");
    if ((littleEndian ? second : first) != 0) {
      throw reader.damaged("it holds a number beyond 32 bits");
    }
    return littleEndian ? first : second;
  }
}
