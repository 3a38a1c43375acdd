package dev.tagstream.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One change of a model at a time, by whichever process and thread. The system frees it when its
 * holder dies, however it dies.
 */
final class StoreLock {
  /** File locks are the process's; between its threads these hold. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  /** What is done while holding the lock. */
  interface Action<T> {
    T run() throws IOException;
  }

  private StoreLock() {}

  /**
   * Runs the action once nobody else holds the lock.
   *
   * @param waiting told once if somebody does
   */
  static <T> T holding(Path file, Runnable waiting, Action<T> action) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    boolean told = !thread.tryLock();
    if (told) {
      waiting.run();
      thread.lock();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Closing the channel frees it.
      if (channel.tryLock() == null) {
        if (!told) {
          waiting.run();
        }
        channel.lock();
      }
      return action.run();
    } finally {
      thread.unlock();
    }
  }
}
