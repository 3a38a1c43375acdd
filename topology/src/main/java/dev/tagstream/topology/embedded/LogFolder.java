package dev.tagstream.topology.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The folder of a broker's log: given and kept, or temporary and deleted on close. */
record LogFolder(Path path, boolean temporary) implements AutoCloseable {

  /** Below this a broker would start, then stop the process on its first full segment. */
  private static final long LEAST_FREE_BYTES = 64L << 20;

  static LogFolder open(@Nullable Path given) {
    LogFolder folder = given == null ? createTemporary() : createGiven(given.toAbsolutePath());
    folder.checkUsable();
    return folder;
  }

  @Override
  public void close() {
    if (temporary) {
      try {
        deleteTree(path);
      } catch (IOException e) {
        // Left for the operating system's own clean-up of temporary folders.
        System.getLogger(LogFolder.class.getName())
            .log(System.Logger.Level.WARNING, "Could not delete {0}: {1}", path, e.getMessage());
      }
    }
  }

  private static LogFolder createTemporary() {
    try {
      return new LogFolder(Files.createTempDirectory("tagstream-broker-"), true);
    } catch (IOException e) {
      throw unusable(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), e);
    }
  }

  private static LogFolder createGiven(Path path) {
    try {
      return new LogFolder(Files.createDirectories(path), false);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private void checkUsable() {
    try {
      Files.delete(Files.createTempFile(path, "write-check-", ".tmp"));
      long free = Files.getFileStore(path).getUsableSpace();
      if (free < LEAST_FREE_BYTES) {
        close();
        throw new EmbeddedBrokerException(
            "Only %d MiB are free under %s and the embedded broker needs at least %d; free some disk or choose another folder."
                .formatted(free >> 20, path, LEAST_FREE_BYTES >> 20),
            null);
      }
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static EmbeddedBrokerException unusable(Path path, IOException cause) {
    return new EmbeddedBrokerException(
        "The embedded broker cannot write to %s (%s: %s); make it writable, free some disk or choose another folder."
            .formatted(path, cause.getClass().getSimpleName(), cause.getMessage()),
        cause);
  }

  private static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
