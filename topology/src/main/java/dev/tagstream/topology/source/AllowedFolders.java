package dev.tagstream.topology.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code file:} URIs under folders that the operator has listed. Symbolic links are followed first
 * and judged by where they lead, so that no link in an allowed folder opens the rest of the disk.
 */
final class AllowedFolders implements UriReader {
  private final List<Path> folders;

  /**
   * @throws IllegalArgumentException if a folder does not exist, so that a typing error shows at
   *     start and not as rejects
   */
  AllowedFolders(List<Path> folders) {
    List<Path> real = new ArrayList<>();
    for (Path folder : folders) {
      try {
        real.add(folder.toRealPath());
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "sources.file.allow: folder " + folder + " does not exist or cannot be read", e);
      }
    }
    this.folders = List.copyOf(real);
  }

  @Override
  public byte[] read(URI uri, long maxBytes) throws SourceException {
    Path file = realPath(uri);
    if (folders.stream().noneMatch(file::startsWith)) {
      throw notAllowed(uri);
    }
    // A pipe or a device would block or never end.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new SourceException(SourceProblem.UNAVAILABLE, uri + " is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      // One byte more than allowed tells a file that grew or whose size was not told.
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
      if (bytes.length > maxBytes) {
        throw new SourceException(
            SourceProblem.TOO_LARGE, uri + " is larger than the limit of " + maxBytes + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw unavailable(uri);
    }
  }

  private Path realPath(URI uri) throws SourceException {
    if (folders.isEmpty()) {
      throw notAllowed(uri);
    }
    Path path;
    try {
      path = Path.of(uri);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new SourceException(SourceProblem.MISSING, uri + " names no file of this machine");
    }
    // Judged before looking, so that answers do not tell which files exist elsewhere.
    if (folders.stream().noneMatch(path.normalize()::startsWith)
        && folders.stream().noneMatch(parentRealPath(path)::startsWith)) {
      throw notAllowed(uri);
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw unavailable(uri);
    }
  }

  private static Path parentRealPath(Path path) {
    Path parent = path.normalize().getParent();
    try {
      return parent == null ? path : parent.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private static SourceException notAllowed(URI uri) {
    return new SourceException(
        SourceProblem.NOT_ALLOWED, uri + " is not under a folder listed in sources.file.allow");
  }

  private static SourceException unavailable(URI uri) {
    return new SourceException(SourceProblem.UNAVAILABLE, uri + " does not exist or is unreadable");
  }
}
