package dev.tagstream.topology.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gets an image's bytes and checks them against what the event says of them. Thread-safe. */
public final class SourceResolver {
  /** A URI in a message is cut here: it may be hostile, and the whole event is kept anyway. */
  private static final int MAX_URI = 8_192;

  private final Map<String, UriReader> readers;
  private final long maxBytes;

  /**
   * @param fileFolders folders that {@code file:} URIs may point into; empty allows none
   * @param maxBytes largest encoded image
   * @throws IllegalArgumentException if a folder does not exist
   */
  public SourceResolver(List<Path> fileFolders, long maxBytes) {
    this.readers = Map.of("file", new AllowedFolders(fileFolders));
    this.maxBytes = maxBytes;
  }

  /**
   * The image's bytes and their digest.
   *
   * @throws SourceException if they cannot be had or are not those described
   */
  public ImageBytes resolve(ImageReference reference) throws SourceException {
    Long announced = reference.sizeBytes();
    if (announced != null && announced > maxBytes) {
      throw tooLarge(announced);
    }
    byte[] bytes = bytes(reference);
    if (announced != null && announced != bytes.length) {
      throw new SourceException(
          SourceProblem.MISMATCH,
          "the image has " + bytes.length + " bytes; the event says " + announced);
    }
    String sha256 = sha256(bytes);
    String expected = reference.sha256();
    if (expected != null && !expected.equalsIgnoreCase(sha256)) {
      throw new SourceException(
          SourceProblem.MISMATCH,
          "the image's SHA-256 is " + sha256 + ", not the one the event gives");
    }
    return new ImageBytes(bytes, sha256);
  }

  /** Whether getting the bytes needs anything outside this process, and so a deadline. */
  public static boolean isRemote(ImageReference reference) {
    return reference.bytes() == null;
  }

  private byte[] bytes(ImageReference reference) throws SourceException {
    ByteBuffer inline = reference.bytes();
    if (inline != null && reference.uri() != null) {
      throw new SourceException(
          SourceProblem.MISSING, "the event has both bytes and a URI; set one of them only");
    }
    if (inline != null) {
      if (inline.remaining() > maxBytes) {
        throw tooLarge(inline.remaining());
      }
      byte[] bytes = new byte[inline.remaining()];
      inline.duplicate().get(bytes);
      return bytes;
    }
    URI uri = parse(reference.uri());
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    UriReader reader = readers.get(scheme);
    if (reader == null) {
      throw new SourceException(
          SourceProblem.NOT_ALLOWED,
          "a source of scheme '" + scheme + "' is not allowed; allowed are inline bytes and file:");
    }
    return reader.read(uri, maxBytes);
  }

  private static URI parse(@Nullable String uri) throws SourceException {
    if (uri == null || uri.isBlank()) {
      throw new SourceException(SourceProblem.MISSING, "the event has neither bytes nor a URI");
    }
    if (uri.length() > MAX_URI) {
      throw new SourceException(
          SourceProblem.MISSING, "the URI is longer than " + MAX_URI + " characters");
    }
    try {
      return new URI(uri);
    } catch (URISyntaxException e) {
      throw new SourceException(SourceProblem.MISSING, "not a URI: " + e.getMessage());
    }
  }

  private SourceException tooLarge(long size) {
    return new SourceException(
        SourceProblem.TOO_LARGE,
        "the image has " + size + " bytes; the limit is " + maxBytes + " bytes");
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
