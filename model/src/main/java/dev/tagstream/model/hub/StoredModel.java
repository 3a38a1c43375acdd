package dev.tagstream.model.hub;

import dev.tagstream.model.checkpoint.CheckpointIdentity;
import dev.tagstream.model.hub.ModelLock.LockedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pulled model: the folder and the lock in it. The folder may have been copied anywhere.
 *
 * @param folder holds the checkpoint; nothing in it may be changed
 */
public record StoredModel(Path folder, ModelLock lock) {

  /**
   * The model in a folder; empty if the folder has no lock file and is therefore somebody's own.
   *
   * @throws HubException if the lock file is damaged
   */
  public static Optional<StoredModel> in(Path folder) {
    return LockJson.read(folder).map(lock -> new StoredModel(folder, lock));
  }

  /** {@code OWNER/NAME@COMMIT}. */
  public String name() {
    return lock.source() + "@" + lock.revision();
  }

  /**
   * What differs from the lock, every byte read; empty if nothing does.
   *
   * @throws HubException if a file cannot be read
   */
  public List<String> problems() {
    return problems(file -> true);
  }

  /**
   * The same without hashing weights: they are looked at by name and size only.
   *
   * @throws HubException if a file cannot be read
   */
  public List<String> quickProblems() {
    return problems(file -> !NeededFiles.isWeights(file.path()));
  }

  /**
   * Compares the weights with the lock.
   *
   * @param loadedSha256 of the weights as loading has hashed them, which is {@code
   *     Checkpoint.weightsSha256}: where the lock gives the same, nothing is read a second time
   */
  public List<String> weightsProblems(String loadedSha256) {
    if (lock.weightsSha256().equals(loadedSha256)) {
      return List.of();
    }
    return lock.weights().stream().flatMap(file -> problem(file, true).stream()).toList();
  }

  private List<String> problems(Predicate<LockedFile> hashed) {
    List<String> problems = new ArrayList<>(strangers());
    for (LockedFile file : lock.files()) {
      problem(file, hashed.test(file)).ifPresent(problems::add);
    }
    return problems;
  }

  /** Files that a checkpoint is made of and that were not pulled: they might be loaded instead. */
  private List<String> strangers() {
    Set<String> known = lock.files().stream().map(LockedFile::path).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> NeededFiles.isPartOfACheckpoint(name) && !known.contains(name))
          .sorted()
          .map(name -> name + " was not pulled and is not in the lock")
          .toList();
    } catch (IOException e) {
      throw new HubException("The folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Optional<String> problem(LockedFile file, boolean hashed) {
    Path path = folder.resolve(file.path());
    try {
      if (!Files.isRegularFile(path)) {
        return Optional.of(file.path() + " is missing");
      }
      long size = Files.size(path);
      if (size != file.size()) {
        return Optional.of(
            "%s has %,d bytes; the lock says %,d".formatted(file.path(), size, file.size()));
      }
    } catch (IOException e) {
      throw new HubException(path + " cannot be read: " + e.getMessage(), e);
    }
    if (hashed) {
      String found = CheckpointIdentity.sha256(path);
      if (!found.equals(file.sha256())) {
        return Optional.of(
            "%s has SHA-256 %s; the lock says %s".formatted(file.path(), found, file.sha256()));
      }
    }
    return Optional.empty();
  }
}
