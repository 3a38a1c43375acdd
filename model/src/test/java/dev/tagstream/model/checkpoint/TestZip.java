package dev.tagstream.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes zip files of stored entries, good ones and others. */
final class TestZip {
  private final ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String name, int method, long size, long crc, long header) {}

  TestZip add(String name, byte[] contents) {
    CRC32 crc = new CRC32();
    crc.update(contents);
    entries.add(new Entry(name, 0, contents.length, crc.getValue(), out.position()));
    out.putInt(0x04034b50).putShort((short) 20).putShort((short) 0).putShort((short) 0);
    out.putInt(0).putInt((int) crc.getValue()).putInt(contents.length).putInt(contents.length);
    out.putShort((short) name.length()).putShort((short) 3);
    out.put(name.getBytes(StandardCharsets.US_ASCII)).put(new byte[3]).put(contents);
    return this;
  }

  /** A second entry over the bytes of the last. */
  TestZip addAgainAs(String name) {
    Entry last = entries.get(entries.size() - 1);
    entries.add(new Entry(name, 0, last.size(), last.crc(), last.header()));
    return this;
  }

  /** Makes the last entry claim to be deflated. */
  TestZip markedCompressed() {
    Entry last = entries.remove(entries.size() - 1);
    entries.add(new Entry(last.name(), 8, last.size(), last.crc(), last.header()));
    return this;
  }

  /**
   * The file.
   *
   * @param zip64 whether sizes and offsets stand where those beyond 4 GiB do
   */
  byte[] bytes(boolean zip64) {
    long directory = out.position();
    for (Entry entry : entries) {
      int extra = zip64 ? 28 : 0;
      out.putInt(0x02014b50).putInt(45 << 16 | 45).putShort((short) 0);
      out.putShort((short) entry.method()).putInt(0).putInt((int) entry.crc());
      int size = zip64 ? -1 : (int) entry.size();
      out.putInt(size).putInt(size).putShort((short) entry.name().length());
      out.putShort((short) extra).put(new byte[10]).putInt(zip64 ? -1 : (int) entry.header());
      out.put(entry.name().getBytes(StandardCharsets.US_ASCII));
      if (zip64) {
        out.putShort((short) 1).putShort((short) 24);
        out.putLong(entry.size()).putLong(entry.size()).putLong(entry.header());
      }
    }
    long bytes = out.position() - directory;
    if (zip64) {
      long end = out.position();
      out.putInt(0x06064b50).putLong(44).putInt(45 << 16 | 45).putLong(0);
      out.putLong(entries.size()).putLong(entries.size()).putLong(bytes).putLong(directory);
      out.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    }
    out.putInt(0x06054b50).putInt(0).putShort((short) entries.size());
    out.putShort((short) entries.size()).putInt(zip64 ? -1 : (int) bytes);
    out.putInt(zip64 ? -1 : (int) directory).putShort((short) 0);
    byte[] file = new byte[out.position()];
    out.get(0, file);
    return file;
  }
}
