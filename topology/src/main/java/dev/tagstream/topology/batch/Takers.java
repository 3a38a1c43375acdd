package dev.tagstream.topology.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The devices that take batches from a {@link BatchQueue}: whose turn it is, and who is left out
 * because it failed. Everything here needs the queue's lock, which is given up while waiting.
 */
final class Takers {

  private final ReentrantLock lock;
  private final List<Taker> all = new ArrayList<>();

  Takers(ReentrantLock lock) {
    this.lock = lock;
  }

  /** One device, with all its threads. */
  static final class Taker {
    private final int threads;
    private final Condition work;
    private final Condition trial;
    private int idle;
    private boolean out;

    private Taker(int threads, ReentrantLock lock) {
      this.threads = threads;
      this.work = lock.newCondition();
      this.trial = lock.newCondition();
    }

    private int batches() {
      return threads - idle;
    }

    /** Signalled to one of its threads that waits when it may be its turn. */
    Condition work() {
      return work;
    }

    void beginsToWait() {
      idle++;
    }

    void endsWaiting() {
      idle--;
    }

    boolean isOut() {
      return out;
    }

    /** Waits for so long, or until it is let in again or all ends. */
    void awaitTrial(Duration pause) {
      try {
        long left = pause.toNanos();
        while (out && left > 0) {
          left = trial.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt the engine's own threads: try at once.
      }
    }

    private void takeIn() {
      out = false;
      trial.signalAll();
    }
  }

  Taker join(int threads) {
    Taker taker = new Taker(threads, lock);
    all.add(taker);
    return taker;
  }

  /** The one with the fewest batches among those with a thread that waits; null if none does. */
  @Nullable Taker next() {
    return all.stream()
        .filter(taker -> taker.idle > 0 && !taker.out)
        .min(Comparator.comparingInt(Taker::batches))
        .orElse(null);
  }

  void wakeNext() {
    Taker next = next();
    if (next != null) {
      next.work.signal();
    }
  }

  /**
   * Gives a device that failed no more batches. If it was the last one, all are let in again, since
   * then failing is all there is to do.
   *
   * @return whether there is another one
   */
  boolean leaveOut(Taker failed) {
    failed.out = true;
    if (all.stream().allMatch(taker -> taker.out)) {
      all.forEach(Taker::takeIn);
      return false;
    }
    return true;
  }

  void readmit(Taker taker) {
    taker.takeIn();
  }

  /** Ends all waiting. */
  void letGo() {
    for (Taker taker : all) {
      taker.takeIn();
      taker.work.signalAll();
    }
  }
}
