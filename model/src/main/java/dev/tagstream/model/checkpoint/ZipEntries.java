package dev.tagstream.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the entries of a zip file lie, Zip64 included (format: PKWARE's <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>). The class
 * library reads such files too, but does not say at which offset an entry's bytes are.
 *
 * @param file its name, for messages
 * @param byName every entry
 * @param end where the entries end and their directory begins
 */
record ZipEntries(String file, Map<String, Entry> byName, long end) {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ZIP64_END_SIGNATURE = 0x06064b50;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int ZIP64_EXTRA = 1;
  private static final long IN_EXTRA = 0xffffffffL;

  /** Some hundred bytes for each of more tensors than any model has. */
  private static final int MAX_DIRECTORY_BYTES = 64 << 20;

  /**
   * An entry.
   *
   * @param stored whether its bytes are stored as they are, neither compressed nor encrypted
   * @param size bytes, once decompressed
   * @param crc32 of them
   * @param header where its local header lies
   */
  record Entry(String name, boolean stored, long size, long crc32, long header) {}

  static ZipEntries read(String file, FileChannel channel) throws IOException {
    long size = channel.size();
    int tailBytes = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = TensorReader.readFully(channel, size - tailBytes, tailBytes);
    for (int at = tailBytes - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && Short.toUnsignedInt(tail.getShort(at + 20)) == tailBytes - at - END_BYTES) {
        return directory(file, channel, tail.slice(at, END_BYTES), size - tailBytes + at);
      }
    }
    throw new CheckpointException(
        file + " is truncated: it begins as a zip file, but has no directory at its end.");
  }

  private static ZipEntries directory(
      String file, FileChannel channel, ByteBuffer end, long endOffset) throws IOException {
    end.order(ByteOrder.LITTLE_ENDIAN);
    long bytes = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    long limit = endOffset;
    if (endOffset >= 20) {
      ByteBuffer locator = TensorReader.readFully(channel, endOffset - 20, 20);
      if (locator.getInt(0) == ZIP64_LOCATOR_SIGNATURE) {
        limit = locator.getLong(8);
        requireInside(file, limit, 56, endOffset);
        ByteBuffer zip64 = TensorReader.readFully(channel, limit, 56);
        if (zip64.getInt(0) != ZIP64_END_SIGNATURE) {
          throw damaged(file);
        }
        bytes = zip64.getLong(40);
        offset = zip64.getLong(48);
      }
    }
    requireInside(file, offset, bytes, limit);
    if (bytes > MAX_DIRECTORY_BYTES) {
      throw new CheckpointException(file + " has a directory of " + bytes + " bytes: refused.");
    }
    ByteBuffer directory = TensorReader.readFully(channel, offset, (int) bytes);
    return new ZipEntries(file, entries(file, directory), offset);
  }

  private static Map<String, Entry> entries(String file, ByteBuffer directory) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int at = 0;
    while (at < directory.limit()) {
      if (directory.limit() - at < ENTRY_BYTES || directory.getInt(at) != ENTRY_SIGNATURE) {
        throw damaged(file);
      }
      int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
      int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
      int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
      int next = at + ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > directory.limit()) {
        throw damaged(file);
      }
      Entry entry = entry(file, directory, at, nameBytes, extraBytes);
      if (entries.put(entry.name(), entry) != null) {
        throw new CheckpointException(file + " holds " + entry.name() + " twice: refused.");
      }
      at = next;
    }
    return entries;
  }

  private static Entry entry(
      String file, ByteBuffer directory, int at, int nameBytes, int extraBytes) {
    byte[] name = new byte[nameBytes];
    directory.get(at + ENTRY_BYTES, name);
    ByteBuffer extra = zip64(directory, at + ENTRY_BYTES + nameBytes, extraBytes);
    long size = Integer.toUnsignedLong(directory.getInt(at + 24));
    long packed = Integer.toUnsignedLong(directory.getInt(at + 20));
    long header = Integer.toUnsignedLong(directory.getInt(at + 42));
    // Zip64 gives these three in this order, and only those that do not fit.
    size = size == IN_EXTRA ? next(file, extra) : size;
    packed = packed == IN_EXTRA ? next(file, extra) : packed;
    header = header == IN_EXTRA ? next(file, extra) : header;
    boolean encrypted = (directory.getShort(at + 8) & 1) != 0;
    boolean stored = directory.getShort(at + 10) == 0 && packed == size && !encrypted;
    long crc32 = Integer.toUnsignedLong(directory.getInt(at + 16));
    return new Entry(new String(name, StandardCharsets.UTF_8), stored, size, crc32, header);
  }

  /** The Zip64 part of an entry's extra field; empty without one. */
  private static ByteBuffer zip64(ByteBuffer directory, int at, int bytes) {
    int end = at + bytes;
    int from = at;
    while (end - from >= 4) {
      int length = Short.toUnsignedInt(directory.getShort(from + 2));
      if (length > end - from - 4) {
        break;
      }
      if (directory.getShort(from) == ZIP64_EXTRA) {
        return directory.slice(from + 4, length).order(directory.order());
      }
      from += 4 + length;
    }
    return ByteBuffer.allocate(0);
  }

  private static long next(String file, ByteBuffer extra) {
    if (extra.remaining() < 8) {
      throw damaged(file);
    }
    return extra.getLong();
  }

  /**
   * The offset of an entry's bytes.
   *
   * @throws CheckpointException if the entry is compressed, or not all of it is in the file
   */
  long offset(Entry entry, FileChannel channel) throws IOException {
    if (!entry.stored()) {
      throw new CheckpointException(
          file
              + ": "
              + entry.name()
              + " is compressed, so its weights cannot be used where they lie: save the checkpoint"
              + " again with torch.save or as safetensors.");
    }
    requireInside(file, entry.header(), LOCAL_BYTES, end);
    ByteBuffer local = TensorReader.readFully(channel, entry.header(), LOCAL_BYTES);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw damaged(file);
    }
    long data =
        entry.header()
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    requireInside(file, data, entry.size(), end);
    return data;
  }

  private static void requireInside(String file, long offset, long bytes, long limit) {
    if (offset < 0 || bytes < 0 || offset > limit || bytes > limit - offset) {
      throw new CheckpointException(
          file
              + " is truncated or damaged: it claims "
              + bytes
              + " bytes at offset "
              + offset
              + ", where there are none. Download it again.");
    }
  }

  private static CheckpointException damaged(String file) {
    return new CheckpointException(
        file + " is damaged: its zip directory cannot be read. Download it again.");
  }
}
