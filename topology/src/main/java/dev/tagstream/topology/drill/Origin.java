package dev.tagstream.topology.drill;

/** The event a result belongs to: partition and offset in the input topic. */
public record Origin(int partition, long offset) {}
