package dev.tagstream.model.hub;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where things of one model are: the folders of Hugging Face's own cache, with real files in them.
 *
 * <pre>
 * models--OWNER--NAME/snapshots/COMMIT/    whole models, each with its lock
 * models--OWNER--NAME/unfinished/COMMIT/   what a pull has brought so far
 * models--OWNER--NAME/refs/REVISION        the commit that a revision was when it was pulled
 * .locks/models--OWNER--NAME               held by who changes the above
 * </pre>
 *
 * @param folder {@code models--OWNER--NAME}
 * @param lockFile held by who changes the model
 */
record StoreLayout(Path folder, Path lockFile) {
  static final String PREFIX = "models--";

  static StoreLayout of(Path store, ModelReference model) {
    String name = PREFIX + model.owner() + "--" + model.name();
    return new StoreLayout(store.resolve(name), store.resolve(".locks").resolve(name));
  }

  Path snapshots() {
    return folder.resolve("snapshots");
  }

  Path snapshot(String commit) {
    return snapshots().resolve(commit);
  }

  Path unfinished(String commit) {
    return folder.resolve("unfinished").resolve(commit);
  }

  /** Remembers what a revision was. */
  void point(String revision, String commit) throws IOException {
    Path file = reference(revision);
    Files.createDirectories(folder.resolve("refs"));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, commit);
    Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  /** The commit that a revision was when it was pulled. */
  Optional<String> commitOf(String revision) throws IOException {
    Path file = reference(revision);
    return Files.isRegularFile(file) && Files.size(file) == 40
        ? Optional.of(Files.readString(file))
        : Optional.empty();
  }

  /** The commits that are here as a whole. */
  List<String> commits() throws IOException {
    if (!Files.isDirectory(snapshots())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(snapshots())) {
      return folders.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  private Path reference(String revision) {
    return folder.resolve("refs").resolve(URLEncoder.encode(revision, StandardCharsets.UTF_8));
  }
}
