package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes content as it goes by: always SHA-256, and git's own hash where the hub has only that. */
final class ContentDigest {
  private static final int READ_BYTES = 1 << 20;

  private final HubFile file;
  private final MessageDigest sha256 = digest("SHA-256");
  private final MessageDigest gitBlob = digest("SHA-1");
  private final boolean git;

  ContentDigest(HubFile file) {
    this.file = file;
    this.git = file.digest().algorithm() == HubFile.Algorithm.GIT_BLOB;
    gitBlob.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  void update(byte[] bytes, int length) {
    sha256.update(bytes, 0, length);
    if (git) {
      gitBlob.update(bytes, 0, length);
    }
  }

  /** Takes in what a file holds. */
  void update(Path content) throws IOException {
    try (InputStream in = Files.newInputStream(content)) {
      byte[] buffer = new byte[READ_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        update(buffer, n);
      }
    }
  }

  /** The content's hashes; ends the hashing. */
  Result finish() {
    String hex = HexFormat.of().formatHex(sha256.digest());
    String found = git ? HexFormat.of().formatHex(gitBlob.digest()) : hex;
    return new Result(hex, found, found.equals(file.digest().hex()));
  }

  /**
   * The hashes.
   *
   * @param found by the algorithm of the hub's record
   * @param matches whether it is the record's
   */
  record Result(String sha256, String found, boolean matches) {}

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has " + algorithm, e);
    }
  }
}
