package dev.tagstream.topology.batch;

/**
 * A device among others.
 *
 * @param name in logs, health and metrics, such as {@code cuda:1}
 */
public record NamedDevice(String name, Device device) {}
