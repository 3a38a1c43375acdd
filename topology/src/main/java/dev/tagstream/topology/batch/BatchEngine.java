package dev.tagstream.topology.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches images of all partitions, tasks and threads for one device. A free device takes whatever
 * waits, at once, up to the maximum batch: no linger when idle, full batches under load.
 *
 * <p>Memory is bounded by its buffers, one per batch in flight and one that fills; a submitter is
 * held while all are taken. A buffer is free again when its batch has run, not when results are
 * forwarded, so that a slow head of a partition cannot stop the device.
 *
 * <p>Threads: any thread may submit. Futures complete on a device thread; dependents that do more
 * than a little should use the {@code Async} forms.
 */
public final class BatchEngine implements AutoCloseable {

  private final WatchedDevice device;
  private final BatchOptions options;
  private final BatchListener listener;
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final Deque<Batch> free = new ArrayDeque<>();
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private final Set<Batch> running = new HashSet<>();
  private boolean closed;

  private final BatchCounters counters = new BatchCounters();
  private final BusyTime busy = new BusyTime();

  /** Allocates the buffers and starts the device threads. */
  public BatchEngine(Device device, BatchOptions options) {
    this(device, options, BatchListener.NONE);
  }

  /** The same, with somebody to tell of each batch. */
  public BatchEngine(Device device, BatchOptions options, BatchListener listener) {
    this.device = new WatchedDevice(device);
    this.options = options;
    this.listener = listener;
    for (int i = 0; i < options.inFlight() + 1; i++) {
      free.add(new Batch(options.maxBatch(), device.inputBytes()));
    }
    for (int i = 0; i < options.inFlight(); i++) {
      BatchRunner runner = new BatchRunner(this.device);
      Thread thread = new Thread(() -> runBatches(runner), "tagstream-device-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /**
   * Puts a prepared image into the next batch; blocks while all buffers are taken.
   *
   * @param pixels exactly {@link Device#inputBytes()} bytes, free for reuse on return
   * @return the image's vector; fails with {@link PoisonImageException} if this image is to blame,
   *     with {@link DeviceFailedException} if none is or the engine is closed
   * @throws InterruptedException if interrupted while held; nothing was submitted then
   */
  public CompletableFuture<float[]> submit(byte[] pixels) throws InterruptedException {
    if (pixels.length != device.inputBytes()) {
      throw new IllegalArgumentException(
          "An image has %d bytes, not %d".formatted(device.inputBytes(), pixels.length));
    }
    CompletableFuture<float[]> result = new CompletableFuture<>();
    Batch batch;
    int slot;
    lock.lockInterruptibly();
    try {
      Batch filling = awaitRoom();
      if (filling == null) {
        result.completeExceptionally(engineClosed());
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
      // All: one that waits for this very slot and one that is idle wait on the same condition.
      work.signalAll();
    } finally {
      lock.unlock();
    }
    return result;
  }

  /** Totals so far. */
  public BatchStats stats() {
    return counters.soFar();
  }

  /** How it batches. */
  public BatchOptions options() {
    return options;
  }

  /** Time so far in which the device had at least one batch. */
  public Duration busy() {
    return Duration.ofNanos(busy.nanos(System.nanoTime()));
  }

  /** How long the oldest call of the device that has not returned is running; zero if none is. */
  public Duration longestDeviceCall() {
    return device.longestCall();
  }

  /**
   * Runs full batches of blank images, as many at once as will be in flight, and says how long they
   * took. The first call also pays for what the device does only once; call it again to measure.
   *
   * @throws DeviceFailedException if the device cannot run them
   */
  public Duration warmUp() {
    return WarmUp.run(device, options);
  }

  /**
   * Fails all outstanding futures and waits for the batches now running, since a device may not be
   * closed under them. Calling it again does nothing.
   */
  @Override
  public void close() {
    List<CompletableFuture<float[]>> orphans = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      waiting.forEach(batch -> orphans.addAll(batch.results()));
      running.forEach(batch -> orphans.addAll(batch.results()));
      room.signalAll();
      work.signalAll();
    } finally {
      lock.unlock();
    }
    orphans.forEach(orphan -> orphan.completeExceptionally(engineClosed()));
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The batch to fill, with room for one more; null once closed. Holds the lock. */
  private @Nullable Batch awaitRoom() throws InterruptedException {
    long start = 0;
    try {
      while (!closed) {
        Batch last = waiting.peekLast();
        if (last != null && last.size() < options.maxBatch()) {
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
        counters.blockedNanos.add(System.nanoTime() - start);
      }
    }
  }

  private void runBatches(BatchRunner runner) {
    for (Batch batch = take(); batch != null; batch = take()) {
      run(runner, batch);
    }
  }

  /** The oldest batch, as soon as it holds anything; null once closed. */
  private @Nullable Batch take() {
    lock.lock();
    try {
      while (!closed) {
        Batch oldest = waiting.peekFirst();
        if (oldest != null && oldest.size() > 0) {
          waiting.removeFirst();
          running.add(oldest);
          // No slot of it can be claimed any more; a copy under way takes microseconds.
          while (!oldest.complete()) {
            work.awaitUninterruptibly();
          }
          return oldest;
        }
        work.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void run(BatchRunner runner, Batch batch) {
    long start = System.nanoTime();
    busy.started(start);
    counters.queuedNanos.add(batch.queuedNanos(start));
    List<CompletableFuture<float[]>> results = batch.results();
    Object[] outcomes;
    try {
      outcomes = runner.run(batch);
    } catch (Throwable e) {
      // Even an Error must not leave futures that never complete.
      counters.deviceFailures.increment();
      outcomes = new Object[results.size()];
      Arrays.fill(
          outcomes,
          e instanceof DeviceFailedException ? e : new DeviceFailedException(e.toString(), e));
    }
    long end = System.nanoTime();
    busy.ended(end);
    counters.deviceNanos.add(end - start);
    counters.batches.increment();
    counters.images.add(results.size());
    listener.ran(results.size());
    release(batch);
    for (int i = 0; i < outcomes.length; i++) {
      complete(results.get(i), outcomes[i]);
    }
  }

  /** Frees the buffer before anybody hears of results: what they do must not hold the device. */
  private void release(Batch batch) {
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

  private void complete(CompletableFuture<float[]> result, Object outcome) {
    if (outcome instanceof float[] vector) {
      result.complete(vector);
    } else {
      if (outcome instanceof PoisonImageException) {
        counters.poisoned.increment();
      }
      result.completeExceptionally((RuntimeException) outcome);
    }
  }

  private static DeviceFailedException engineClosed() {
    return new DeviceFailedException("The batch engine is closed", null);
  }
}
