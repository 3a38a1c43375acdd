package dev.tagstream.topology.drill;

/**
 * What a drill found, counted in events.
 *
 * @param events events published
 * @param kills instances killed
 * @param lost events without all of their results
 * @param duplicated events with a result too many, or with both results and a reject
 * @param reordered results that came after one of a later event of their partition, or in another
 *     partition than their event
 */
public record KillReport(int events, int kills, int lost, int duplicated, int reordered) {

  /** Whether every event had its results exactly once and in order. */
  public boolean clean() {
    return lost == 0 && duplicated == 0 && reordered == 0;
  }
}
