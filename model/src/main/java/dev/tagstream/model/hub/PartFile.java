package dev.tagstream.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The unfinished form of a file, and beside it the ETag that its server gave, so that a resumed
 * transfer can ask for the rest of the same thing.
 */
final class PartFile {
  private static final int MAX_ETAG = 200;

  private final Path path;
  private final Path etag;

  PartFile(Path folder, String name) {
    this.path = folder.resolve(name + ".part");
    this.etag = folder.resolve(name + ".etag");
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return Files.isRegularFile(path) ? Files.size(path) : 0;
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(etag);
  }

  /** The strong ETag of what is here; empty if the server gave none. */
  Optional<String> etag() throws IOException {
    return Files.isRegularFile(etag) ? Optional.of(Files.readString(etag)) : Optional.empty();
  }

  /** Empties the part and remembers what it will be part of. */
  void startOver(String newEtag) throws IOException {
    delete();
    if (newEtag.matches("\"[\\x21\\x23-\\x7E]{1,%d}\"".formatted(MAX_ETAG))) {
      Files.writeString(etag, newEtag);
    }
  }

  /** Opens for appending. */
  Appender append() throws IOException {
    return new Appender(
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Writes at the end; what it wrote is on the disk once it is closed. */
  static final class Appender implements AutoCloseable {
    private final FileChannel channel;

    private Appender(FileChannel channel) {
      this.channel = channel;
    }

    void write(byte[] bytes, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
