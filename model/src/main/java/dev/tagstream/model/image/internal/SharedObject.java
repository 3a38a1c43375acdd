package dev.tagstream.model.image.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Edits of a 64-bit little-endian ELF shared object in memory (System V ABI, chapters 4 and 5).
 *
 * <p>A library that is no longer asked for leaves its symbols without a definition, so the
 * undefined ones are made weak: the linker then sets those it does not find to null instead of
 * failing.
 */
final class SharedObject {

  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F', 2, 1};
  private static final int SECTIONS_AT = 0x28;
  private static final int SECTION_SIZE_AT = 0x3a;
  private static final int SECTION_COUNT_AT = 0x3c;
  private static final int DYNAMIC = 6;
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final int DYNAMIC_ENTRY = 16;
  private static final int SYMBOL_ENTRY = 24;
  private static final long NEEDED = 1;
  private static final int GLOBAL = 1;
  private static final int WEAK = 2;

  private final ByteBuffer elf;

  private SharedObject(byte[] bytes) {
    this.elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Takes the libraries whose names begin so off the list of those to load along.
   *
   * @throws IllegalArgumentException if the bytes are no 64-bit little-endian ELF file
   */
  static void detach(byte[] bytes, String... libraries) {
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    SharedObject object = new SharedObject(bytes);
    int sections = (int) object.elf.getLong(SECTIONS_AT);
    int size = object.elf.getShort(SECTION_SIZE_AT);
    for (int i = 0; i < object.elf.getShort(SECTION_COUNT_AT); i++) {
      int section = sections + i * size;
      int type = object.elf.getInt(section + 0x4);
      if (type == DYNAMIC) {
        int names = sections + object.elf.getInt(section + 0x28) * size;
        object.dropNeeded(section, object.offset(names), List.of(libraries));
      } else if (type == DYNAMIC_SYMBOLS) {
        object.weakenUndefined(section);
      }
    }
  }

  private int offset(int section) {
    return (int) elf.getLong(section + 0x18);
  }

  private int size(int section) {
    return (int) elf.getLong(section + 0x20);
  }

  /** Closes up the list over the dropped entries; zeros end it. */
  private void dropNeeded(int section, int names, List<String> libraries) {
    int from = offset(section);
    int to = from + size(section);
    int kept = from;
    for (int at = from; at < to; at += DYNAMIC_ENTRY) {
      long tag = elf.getLong(at);
      long value = elf.getLong(at + 8);
      if (tag == NEEDED && libraries.stream().anyMatch(text(names + (int) value)::startsWith)) {
        continue;
      }
      elf.putLong(kept, tag).putLong(kept + 8, value);
      kept += DYNAMIC_ENTRY;
    }
    while (kept < to) {
      elf.putLong(kept, 0).putLong(kept + 8, 0);
      kept += DYNAMIC_ENTRY;
    }
  }

  private void weakenUndefined(int section) {
    int from = offset(section);
    for (int at = from; at < from + size(section); at += SYMBOL_ENTRY) {
      int info = elf.get(at + 4);
      boolean undefined = elf.getShort(at + 6) == 0;
      if (undefined && info >> 4 == GLOBAL) {
        elf.put(at + 4, (byte) (WEAK << 4 | (info & 0xf)));
      }
    }
  }

  private String text(int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, StandardCharsets.ISO_8859_1);
  }
}
