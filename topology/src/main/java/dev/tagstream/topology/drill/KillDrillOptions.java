package dev.tagstream.topology.drill;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How hard a drill is.
 *
 * @param events how many events are published
 * @param kills how many times an instance is killed (SIGKILL) while events are in flight
 * @param seed of every random choice: which instance, and after how many results
 * @param instances processes of the application side by side; a killed one is started again at once
 * @param threads stream threads of each instance, by which the drill knows that all have joined
 * @param logFolder where each instance's output goes
 * @param patience how long the drill waits without any progress before it gives up
 */
public record KillDrillOptions(
    int events,
    int kills,
    long seed,
    int instances,
    int threads,
    Path logFolder,
    Duration patience) {

  public KillDrillOptions {
    if (events < kills + 1 || kills < 0 || instances < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "A drill needs at least one instance with one thread and more events than kills, not %d x %d, %d and %d"
              .formatted(instances, threads, events, kills));
    }
  }
}
