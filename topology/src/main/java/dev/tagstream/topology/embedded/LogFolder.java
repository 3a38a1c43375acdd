package dev.tagstream.topology.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a broker's log: given and kept, or temporary and deleted on close.
 *
 * <p>It is locked while it is open. Kafka's own lock is taken too late: by then the second broker's
 * controller has written into the first one's metadata log, and both are lost.
 */
record LogFolder(Path path, boolean temporary, FileChannel lock) implements AutoCloseable {
  private static final String LOCK_FILE = ".tagstream.lock";

  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);

  /** Below this a broker would start, then stop the process on its first full segment. */
  private static final long LEAST_FREE_BYTES = 64L << 20;

  static LogFolder open(@Nullable Path given) {
    Path path = given == null ? createTemporary() : createGiven(given.toAbsolutePath());
    LogFolder folder = new LogFolder(path, given == null, locked(path));
    try {
      folder.checkUsable();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    return folder;
  }

  private static FileChannel locked(Path folder) {
    Path file = folder.resolve(LOCK_FILE);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (OverlappingFileLockException e) {
        // Held by another broker of this process.
      }
      channel.close();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    throw new EmbeddedBrokerException(
        "The log folder %s is in use by another broker; stop that one or choose another folder."
            .formatted(folder),
        null);
  }

  @Override
  public void close() {
    try {
      lock.close();
      if (temporary) {
        deleteTree(path);
      }
    } catch (IOException e) {
      // Left for the operating system's own clean-up of temporary folders.
      LOG.warn("Could not delete {}: {}", path, e.getMessage());
    }
  }

  private static Path createTemporary() {
    try {
      return Files.createTempDirectory("tagstream-broker-");
    } catch (IOException e) {
      throw unusable(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), e);
    }
  }

  private static Path createGiven(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private void checkUsable() {
    try {
      Files.delete(Files.createTempFile(path, "write-check-", ".tmp"));
      long free = Files.getFileStore(path).getUsableSpace();
      if (free < LEAST_FREE_BYTES) {
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
