package dev.tagstream.model.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One file, from the hub to the disk: it has its own name only when every byte is there, hashed as
 * the record says, and on the disk. Until then it is {@code NAME.part}, which the next try goes on
 * from.
 */
final class FileDownload {
  private static final int MAX_TRIES = 5;

  /**
   * A try that brought this much more than there ever was does not count as a failed one: a server
   * that sends the same bytes again and again would else never be given up.
   */
  private static final long WORTHWHILE_BYTES = 1 << 20;

  private final HubFile file;
  private final Path target;
  private final PartFile part;
  private final PullProgress progress;

  FileDownload(HubFile file, Path folder, PullProgress progress) {
    this.file = file;
    this.target = folder.resolve(file.path());
    this.part = new PartFile(folder, file.path());
    this.progress = progress;
  }

  /**
   * The SHA-256 of the file if an earlier pull brought it whole; empty, with nothing left of it, if
   * not.
   */
  Optional<String> alreadyThere() throws IOException {
    if (!Files.isRegularFile(target) || Files.size(target) != file.size()) {
      Files.deleteIfExists(target);
      return Optional.empty();
    }
    ContentDigest digest = new ContentDigest(file);
    digest.update(target);
    ContentDigest.Result result = digest.finish();
    if (!result.matches()) {
      Files.delete(target);
      return Optional.empty();
    }
    return Optional.of(result.sha256());
  }

  /** Bytes that a part already has. */
  long alreadyHere() throws IOException {
    return part.size();
  }

  /**
   * Fetches, verifies and names the file.
   *
   * @return its SHA-256
   * @throws HubException if it cannot be had as the record says
   */
  String fetch(Transfer transfer, URI uri) throws IOException {
    boolean startedOver = false;
    while (true) {
      boolean resumed = part.size() > 0;
      ContentDigest digest = received(transfer, uri);
      ContentDigest.Result result = digest.finish();
      if (result.matches()) {
        publish();
        return result.sha256();
      }
      part.delete();
      if (!resumed || startedOver) {
        throw wrongBytes(uri, result);
      }
      // What was here before may have been the wrong part: once more from the first byte.
      progress.restarted(file.path());
      startedOver = true;
    }
  }

  private ContentDigest received(Transfer transfer, URI uri) throws IOException {
    int failed = 0;
    long most = part.size();
    while (true) {
      try {
        return transfer.receive(file, uri, part, progress);
      } catch (BrokenTransferException e) {
        failed = part.size() - most >= WORTHWHILE_BYTES ? 1 : failed + 1;
        most = Math.max(most, part.size());
        if (failed >= MAX_TRIES) {
          throw new HubException(
              "%s broke off after %,d of %,d bytes, %d times without getting on: %s. What came is kept: the same command goes on from there."
                  .formatted(file.path(), part.size(), file.size(), failed, e.getMessage()),
              e);
        }
        transfer.pauseBefore(failed);
      }
    }
  }

  private void publish() throws IOException {
    Files.move(
        part.path(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    part.delete();
  }

  private HubException wrongBytes(URI uri, ContentDigest.Result result) {
    return new HubException(
        "%s from %s is not what the hub's record says: %s is %s, expected %s. It was deleted; pull again, and if it stays, the hub or a proxy before it changes files."
            .formatted(
                file.path(),
                uri.getHost(),
                file.digest().algorithm() == HubFile.Algorithm.SHA256 ? "SHA-256" : "git blob",
                result.found(),
                file.digest().hex()));
  }

  /** Makes names that were given in a folder outlive a power cut, where the system can do that. */
  static void flushFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException | UnsupportedOperationException e) {
      // Not every system opens folders; the names are then as durable as it makes them.
    }
  }
}
