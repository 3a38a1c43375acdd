package dev.tagstream.topology.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A direct buffer and the images in it. Slots are claimed under the engine's lock and written
 * outside of it, each by its own submitter.
 */
final class Batch {

  private final ByteBuffer pixels;
  private final int imageBytes;
  private final List<CompletableFuture<float[]>> results = new ArrayList<>();
  private final List<Long> claimedAt = new ArrayList<>();
  private int written;

  Batch(int maxBatch, int imageBytes) {
    this.pixels = ByteBuffer.allocateDirect(Math.multiplyExact(maxBatch, imageBytes));
    this.imageBytes = imageBytes;
  }

  /** Takes the next slot; under the engine's lock. */
  int claim(CompletableFuture<float[]> result, long now) {
    results.add(result);
    claimedAt.add(now);
    return results.size() - 1;
  }

  /** Copies an image into its slot; outside the lock, at an absolute position. */
  void write(int slot, byte[] image) {
    pixels.put(slot * imageBytes, image);
  }

  /** Under the engine's lock, after each write. */
  void written() {
    written++;
  }

  int size() {
    return results.size();
  }

  /** Whether every claimed slot has its pixels. */
  boolean complete() {
    return written == results.size();
  }

  long queuedNanos(long now) {
    long sum = 0;
    for (long at : claimedAt) {
      sum += now - at;
    }
    return sum;
  }

  /** A view of some of its images, which starts at position 0 as a device expects. */
  ByteBuffer images(int from, int count) {
    return pixels.slice(from * imageBytes, count * imageBytes);
  }

  CompletableFuture<float[]> result(int slot) {
    return results.get(slot);
  }

  List<CompletableFuture<float[]>> results() {
    return List.copyOf(results);
  }

  /** Makes the buffer ready to be filled again. */
  void clear() {
    results.clear();
    claimedAt.clear();
    written = 0;
  }
}
