package dev.tagstream.model.hub;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was fetched, from where, and how to recognise it: kept beside the files of a pulled model as
 * {@value #FILE}.
 *
 * @param source {@code OWNER/NAME}
 * @param hub the address it was pulled from
 * @param requested the revision that was asked for
 * @param revision the commit that it was
 * @param files every file, as verified against the hub's record
 * @param card what the model's card said
 */
public record ModelLock(
    String source,
    String hub,
    String requested,
    String revision,
    List<LockedFile> files,
    ModelCard card) {
  /** The lock's own name. */
  public static final String FILE = "tagstream-lock.json";

  public ModelLock {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param path in the model's folder
   * @param size in bytes
   * @param sha256 64 lower-case hexadecimal digits
   */
  public record LockedFile(String path, long size, String sha256) {}

  /** The bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(LockedFile::size).sum();
  }

  /**
   * The SHA-256 of the weights: that of the file where there is one; of several, that of a list
   * with a line {@code SHA-256, two spaces, name} for each, by name.
   */
  String weightsSha256() {
    List<LockedFile> weights = weights();
    if (weights.size() == 1) {
      return weights.get(0).sha256();
    }
    String list =
        weights.stream()
            .sorted(Comparator.comparing(LockedFile::path))
            .map(file -> file.sha256() + "  " + file.path() + "\n")
            .collect(Collectors.joining());
    return ContentDigest.sha256(list.getBytes(StandardCharsets.UTF_8));
  }

  /** The SHA-256 of a file's content, as the lock writes it. */
  public static String sha256(byte[] content) {
    return ContentDigest.sha256(content);
  }

  /** The files that hold weights. */
  public List<LockedFile> weights() {
    return files.stream().filter(file -> NeededFiles.isWeights(file.path())).toList();
  }
}
