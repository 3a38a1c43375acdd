package dev.tagstream.topology.client;

import java.nio.file.Path;

/**
 * A picture file to publish.
 *
 * @param path where it is
 * @param name how people know it: its path below the folder that was named, or its file name
 */
public record PictureFile(Path path, String name) {}
