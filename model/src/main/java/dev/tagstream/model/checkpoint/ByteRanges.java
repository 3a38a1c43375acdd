package dev.tagstream.model.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The bytes that tensors claim of one file, to find two that claim the same. */
final class ByteRanges {
  private final String file;
  private final List<Range> ranges = new ArrayList<>();

  private record Range(String owner, long begin, long end) {}

  /**
   * @param file its name, for messages
   */
  ByteRanges(String file) {
    this.file = file;
  }

  /** {@code end} is one past the last byte. */
  void add(String owner, long begin, long end) {
    if (end > begin) {
      ranges.add(new Range(owner, begin, end));
    }
  }

  /**
   * Checks that no byte belongs to two.
   *
   * @throws CheckpointException naming two that overlap
   */
  void refuseOverlaps() {
    ranges.sort(Comparator.comparingLong(Range::begin));
    for (int i = 1; i < ranges.size(); i++) {
      Range before = ranges.get(i - 1);
      Range next = ranges.get(i);
      if (next.begin() < before.end()) {
        throw new CheckpointException(
            file
                + " is not valid: "
                + next.owner()
                + " begins at byte "
                + next.begin()
                + ", inside "
                + before.owner()
                + ", which ends at byte "
                + before.end()
                + ".");
      }
    }
  }
}
