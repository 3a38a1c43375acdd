package dev.tagstream.model.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that were pulled. Everything but {@link #pull} works without a network. Thread-safe,
 * and safe between processes: who changes a model holds its lock, and readers see whole models
 * only.
 */
public final class ModelStore {
  static final Duration SILENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final ToLongFunction<Path> freeBytes;
  private final HubHttp.Pause pause;
  private final Network network;

  /** The store in a folder, which need not exist yet. */
  public ModelStore(Path folder) {
    this(
        folder,
        ModelStore::usableBytes,
        time -> Thread.sleep(time.toMillis()),
        Network.ofThisMachine(SILENCE));
  }

  ModelStore(Path folder, ToLongFunction<Path> freeBytes, HubHttp.Pause pause, Network network) {
    this.folder = folder;
    this.freeBytes = freeBytes;
    this.pause = pause;
    this.network = network;
  }

  /**
   * Where models are kept when nobody says otherwise: the user's folder for data, by the custom of
   * the system.
   *
   * @param os as in the system property {@code os.name}
   */
  public static Path defaultFolder(String os, Path home, Map<String, String> environment) {
    String system = os.toLowerCase(Locale.ROOT);
    Path data;
    if (system.contains("win")) {
      data = named(environment, "LOCALAPPDATA").orElse(home.resolve("AppData/Local"));
    } else if (system.contains("mac")) {
      data = home.resolve("Library/Application Support");
    } else {
      data = named(environment, "XDG_DATA_HOME").orElse(home.resolve(".local/share"));
    }
    return data.resolve("tagstream").resolve("models");
  }

  /** Where the store is. */
  public Path folder() {
    return folder;
  }

  /**
   * Fetches a model, or only verifies it if it is here; waits while another process pulls it.
   *
   * @throws HubException if it cannot be had; nothing half-written can be found or loaded then, and
   *     what came is kept for the next try
   */
  public StoredModel pull(ModelReference model, HubOptions options, PullProgress progress) {
    StoreLayout layout = StoreLayout.of(folder, model);
    HubHttp http = new HubHttp(options, network, pause);
    ModelPull pull = new ModelPull(layout, model, options, http, freeBytes, progress);
    try {
      return StoreLock.holding(layout.lockFile(), progress::waiting, pull::run);
    } catch (IOException e) {
      throw new HubException(
          "%s cannot be written to %s: %s. What came is kept and the same command goes on from there; `tagstream model remove %s` deletes it."
              .formatted(model, folder, reason(e), model.repository()),
          e);
    }
  }

  /**
   * The pulled model of a name. Without a revision it is what {@code main} was when it was pulled
   * last, else the only one there is.
   *
   * @throws HubException if several are meant
   */
  public Optional<StoredModel> find(ModelReference model) {
    StoreLayout layout = StoreLayout.of(folder, model);
    try {
      return commit(layout, model).map(layout::snapshot).flatMap(StoredModel::in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** All whole models. */
  public List<StoredModel> list() {
    List<StoredModel> models = new ArrayList<>();
    try (Stream<Path> folders =
        Files.isDirectory(folder) ? Files.list(folder).sorted() : Stream.empty()) {
      for (Path model : folders.toList()) {
        StoreLayout layout = new StoreLayout(model, model);
        if (String.valueOf(model.getFileName()).startsWith(StoreLayout.PREFIX)) {
          for (String commit : layout.commits()) {
            StoredModel.in(layout.snapshot(commit)).ifPresent(models::add);
          }
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return models;
  }

  /**
   * Deletes a model with all its revisions and what unfinished pulls left, or, if one is named,
   * that revision.
   *
   * @return whether there was anything
   */
  public boolean remove(ModelReference model, Runnable waiting) {
    StoreLayout layout = StoreLayout.of(folder, model);
    if (!Files.isDirectory(layout.folder())) {
      return false;
    }
    try {
      return StoreLock.holding(layout.lockFile(), waiting, () -> remove(layout, model));
    } catch (IOException e) {
      throw new HubException(
          "%s cannot be removed from %s: %s".formatted(model, folder, reason(e)), e);
    }
  }

  private static boolean remove(StoreLayout layout, ModelReference model) throws IOException {
    if (model.revision().isEmpty()) {
      delete(layout.folder());
      return true;
    }
    Optional<String> commit = commit(layout, model);
    if (commit.isPresent()) {
      // Renamed first: a folder that lacks files must not be found as a model.
      Path gone = layout.unfinished(commit.get());
      delete(gone);
      Files.createDirectories(gone.getParent());
      Files.move(layout.snapshot(commit.get()), gone);
      delete(gone);
    }
    return commit.isPresent();
  }

  private static Optional<String> commit(StoreLayout layout, ModelReference model)
      throws IOException {
    List<String> here = layout.commits();
    String wanted = model.revisionOrMain();
    Optional<String> pulled = layout.commitOf(wanted).filter(here::contains);
    if (pulled.isPresent()) {
      return pulled;
    }
    List<String> meant =
        model.revision().isEmpty()
            ? here
            : here.stream().filter(c -> wanted.length() >= 7 && c.startsWith(wanted)).toList();
    if (meant.size() > 1) {
      throw new HubException(
          "There are several revisions of %s here; name one: %s."
              .formatted(model.repository(), String.join(", ", meant)));
    }
    return meant.stream().findFirst();
  }

  /** Deletes a file or a whole folder; links are deleted, not followed. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static long usableBytes(Path path) {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("The free space of " + path + " cannot be asked for", e);
    }
  }

  private static Optional<Path> named(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }

  private HubException unreadable(IOException e) {
    return new HubException(
        "The model store %s cannot be read: %s".formatted(folder, reason(e)), e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return e.getMessage() + " does not exist";
    }
    return String.valueOf(e.getMessage());
  }
}
