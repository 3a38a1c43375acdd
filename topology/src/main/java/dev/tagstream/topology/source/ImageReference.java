package dev.tagstream.topology.source;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where an event says its image is: in exactly one of bytes and URI.
 *
 * @param bytes the encoded image itself
 * @param uri where to read it
 * @param sha256 hex digest the bytes must have
 * @param sizeBytes size the bytes must have
 */
public record ImageReference(
    @Nullable ByteBuffer bytes,
    @Nullable String uri,
    @Nullable String sha256,
    @Nullable Long sizeBytes) {}
