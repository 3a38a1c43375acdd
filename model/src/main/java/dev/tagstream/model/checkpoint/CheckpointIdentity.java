package dev.tagstream.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a checkpoint is called.
 *
 * @param name {@code organisation/model} where the folder is a snapshot in Hugging Face's cache,
 *     else the folder's own name
 * @param revision the snapshot's commit, or {@code local}
 */
public record CheckpointIdentity(String name, String revision) {
  private static final String HUB_PREFIX = "models--";
  private static final int READ_BYTES = 1 << 20;

  /** Reads the name off the folder's place; the cache keeps models--ORG--NAME/snapshots/COMMIT. */
  public static CheckpointIdentity of(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path snapshots = absolute.getParent();
    Path model = snapshots == null ? null : snapshots.getParent();
    if (snapshots != null
        && model != null
        && snapshots.endsWith("snapshots")
        && fileName(model).startsWith(HUB_PREFIX)) {
      String name = fileName(model).substring(HUB_PREFIX.length()).replaceFirst("--", "/");
      return new CheckpointIdentity(name, fileName(absolute));
    }
    return new CheckpointIdentity(fileName(absolute), "local");
  }

  /**
   * The SHA-256 of a checkpoint's weights: that of the file where there is one; of several, that of
   * a list with a line {@code SHA-256, two spaces, name} for each, as {@code sha256sum} prints it.
   */
  public static String sha256(List<Path> weights) {
    if (weights.size() == 1) {
      return sha256(weights.get(0));
    }
    String list =
        weights.stream()
            .map(file -> sha256(file) + "  " + fileName(file) + "\n")
            .collect(Collectors.joining());
    return sha256(list.getBytes(StandardCharsets.UTF_8));
  }

  /** The SHA-256 of a whole file, in lower-case hexadecimal digits. */
  public static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[READ_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }
}
