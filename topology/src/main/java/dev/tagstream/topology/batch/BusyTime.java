package dev.tagstream.topology.batch;

/** The time during which at least one of several things was going on. Thread-safe. */
final class BusyTime {

  private int running;
  private long since;
  private long nanos;

  synchronized void started(long now) {
    if (running++ == 0) {
      since = now;
    }
  }

  synchronized void ended(long now) {
    if (--running == 0) {
      nanos += now - since;
    }
  }

  /** Up to now, with what is still going on. */
  synchronized long nanos(long now) {
    return running == 0 ? nanos : nanos + (now - since);
  }
}
