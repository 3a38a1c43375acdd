package dev.tagstream.topology.drill;

/** Told how a drill goes on, on the thread that runs it. */
public interface DrillProgress {

  /** Nobody listens. */
  DrillProgress NONE = new DrillProgress() {};

  /** All instances have joined and share the partitions. */
  default void joined(int instances) {}

  /** An instance was killed, after so many results of this drill. */
  default void killed(int kill, int instance, long pid, long results) {}

  /** Results seen so far, and events published so far. */
  default void results(long results, int published) {}
}
