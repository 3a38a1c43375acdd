package dev.tagstream.topology.source;

/**
 * An encoded image as its source gave it.
 *
 * @param bytes owned by the receiver
 * @param sha256 lower-case hex digest of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // carried once from resolver to decoder, never compared
public record ImageBytes(byte[] bytes, String sha256) {}
