package dev.tagstream.topology.batch;

import dev.tagstream.topology.batch.Takers.Taker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches between submitters and devices: free ones, those that fill or are full, and those on
 * a device. All devices take from the same row, the one with the fewest batches first, so that none
 * is idle while images wait and none gets small batches because the images were dealt out.
 *
 * <p>Thread-safe; submitters and devices' threads wait here.
 */
final class BatchQueue {

  private final int maxBatch;
  private final int imageBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition copied = lock.newCondition();
  private final Deque<Batch> free = new ArrayDeque<>();
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private final Set<Batch> running = new HashSet<>();
  private final Takers takers = new Takers(lock);
  private final LongAdder blockedNanos = new LongAdder();
  private boolean closed;

  BatchQueue(int maxBatch, int imageBytes) {
    this.maxBatch = maxBatch;
    this.imageBytes = imageBytes;
  }

  /** Adds a device, and a buffer for each of its threads and one to fill meanwhile. */
  Taker join(int threads) {
    lock.lock();
    try {
      for (int i = 0; i < threads + 1; i++) {
        free.add(new Batch(maxBatch, imageBytes));
      }
      return takers.join(threads);
    } finally {
      lock.unlock();
    }
  }

  /** See {@link BatchEngine#submit}. */
  CompletableFuture<float[]> submit(byte[] pixels) throws InterruptedException {
    CompletableFuture<float[]> result = new CompletableFuture<>();
    Batch batch;
    int slot;
    lock.lockInterruptibly();
    try {
      Batch filling = awaitRoom();
      if (filling == null) {
        result.completeExceptionally(BatchEngine.isClosed());
        return result;
      }
      batch = filling;
      slot = batch.claim(result, System.nanoTime());
    } finally {
      lock.unlock();
    }
    batch.write(slot, pixels);
    lock.lock();
    try {
      batch.written();
      if (batch.complete()) {
        copied.signalAll();
      }
      wakeNext();
    } finally {
      lock.unlock();
    }
    return result;
  }

  /** The batch to fill, with room for one more; null once closed. Holds the lock. */
  private @Nullable Batch awaitRoom() throws InterruptedException {
    long start = 0;
    try {
      while (!closed) {
        Batch last = waiting.peekLast();
        if (last != null && last.size() < maxBatch) {
          return last;
        }
        Batch empty = free.pollFirst();
        if (empty != null) {
          waiting.addLast(empty);
          return empty;
        }
        start = start == 0 ? System.nanoTime() : start;
        room.await();
      }
      return null;
    } finally {
      if (start != 0) {
        blockedNanos.add(System.nanoTime() - start);
      }
    }
  }

  /** Waits for the oldest batch, however few images it holds; null once closed. */
  @Nullable Batch take(Taker taker) {
    lock.lock();
    try {
      taker.beginsToWait();
      while (!closed && (waiting.isEmpty() || takers.next() != taker)) {
        taker.work().awaitUninterruptibly();
      }
      taker.endsWaiting();
      if (closed) {
        return null;
      }
      Batch oldest = waiting.removeFirst();
      running.add(oldest);
      wakeNext();
      // No slot of it can be claimed any more; a copy under way takes microseconds.
      while (!oldest.complete()) {
        copied.awaitUninterruptibly();
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  private void wakeNext() {
    if (!waiting.isEmpty()) {
      takers.wakeNext();
    }
  }

  /** Frees a batch that has run. */
  void release(Batch batch) {
    lock.lock();
    try {
      running.remove(batch);
      batch.clear();
      free.addLast(batch);
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a batch back for another device, because this one has failed on it, and gives this one no
   * more until it is {@link #readmit readmitted}.
   *
   * @return false if there is no other: the batch stays the caller's
   */
  boolean handOn(Batch batch, Taker failed) {
    lock.lock();
    try {
      if (closed || !takers.leaveOut(failed)) {
        return false;
      }
      running.remove(batch);
      waiting.addFirst(batch);
      wakeNext();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it is time to try a device that is left out.
   *
   * @return false if it need not be tried: it takes part again, or all is closed
   */
  boolean awaitTrial(Taker failed, Duration pause) {
    lock.lock();
    try {
      failed.awaitTrial(pause);
      return failed.isOut();
    } finally {
      lock.unlock();
    }
  }

  void readmit(Taker taker) {
    lock.lock();
    try {
      takers.readmit(taker);
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the device gets no batches because it failed. */
  boolean isOut(Taker taker) {
    lock.lock();
    try {
      return taker.isOut();
    } finally {
      lock.unlock();
    }
  }

  /** Time that submitters were held because all buffers were taken. */
  long blockedNanos() {
    return blockedNanos.sum();
  }

  /** Lets everybody go who waits here, and names the images that have no result yet. */
  List<CompletableFuture<float[]>> close() {
    List<CompletableFuture<float[]>> orphans = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      waiting.forEach(batch -> orphans.addAll(batch.results()));
      running.forEach(batch -> orphans.addAll(batch.results()));
      room.signalAll();
      takers.letGo();
    } finally {
      lock.unlock();
    }
    return orphans;
  }
}
