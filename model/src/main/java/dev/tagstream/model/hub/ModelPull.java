package dev.tagstream.model.hub;

import dev.tagstream.model.hub.ModelLock.LockedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * One pull, by the holder of the model's lock: everything goes into a folder of unfinished things,
 * which becomes the model in one rename when the last file is verified and the lock file written.
 */
final class ModelPull {
  /** Left free: a disk filled to the last byte breaks other things. */
  private static final long SPARE_BYTES = 64L << 20;

  private final StoreLayout layout;
  private final ModelReference model;
  private final HubOptions options;
  private final HubHttp http;
  private final ToLongFunction<Path> freeBytes;
  private final PullProgress progress;

  ModelPull(
      StoreLayout layout,
      ModelReference model,
      HubOptions options,
      HubHttp http,
      ToLongFunction<Path> freeBytes,
      PullProgress progress) {
    this.layout = layout;
    this.model = model;
    this.options = options;
    this.http = http;
    this.freeBytes = freeBytes;
    this.progress = progress;
  }

  StoredModel run() throws IOException {
    HubApi api = new HubApi(options, http);
    HubRecord record = api.record(model);
    List<HubFile> needed = NeededFiles.of(model, record);
    Path snapshot = layout.snapshot(record.commit());
    if (isWhole(snapshot, needed)) {
      layout.point(model.revisionOrMain(), record.commit());
      progress.planned(record.commit(), 0, 0);
      return StoredModel.in(snapshot).orElseThrow();
    }
    Path folder = layout.unfinished(record.commit());
    reopen(snapshot, folder);
    List<LockedFile> files = fetch(api, record, needed, folder);
    LockJson.write(folder, lock(record, files, ModelCard.read(folder)));
    Files.createDirectories(layout.snapshots());
    Files.move(folder, snapshot, StandardCopyOption.ATOMIC_MOVE);
    FileDownload.flushFolder(snapshot);
    FileDownload.flushFolder(layout.snapshots());
    layout.point(model.revisionOrMain(), record.commit());
    return StoredModel.in(snapshot).orElseThrow();
  }

  /** Whether the model is here already, down to the last byte. */
  private static boolean isWhole(Path snapshot, List<HubFile> needed) {
    if (!Files.isDirectory(snapshot)) {
      return false;
    }
    Optional<StoredModel> stored;
    try {
      stored = StoredModel.in(snapshot);
    } catch (HubException e) {
      return false;
    }
    return stored.isPresent()
        && stored.get().problems().isEmpty()
        && stored.get().lock().files().size() == needed.size();
  }

  /** Takes what is left of a damaged model as a start, so that only what is wrong is fetched. */
  private static void reopen(Path snapshot, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    if (Files.isDirectory(snapshot)) {
      ModelStore.delete(folder);
      Files.move(snapshot, folder, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(folder.resolve(ModelLock.FILE));
    }
    Files.createDirectories(folder);
  }

  private List<LockedFile> fetch(HubApi api, HubRecord record, List<HubFile> needed, Path folder)
      throws IOException {
    List<Optional<String>> here = new ArrayList<>();
    long missing = 0;
    int files = 0;
    for (HubFile file : needed) {
      FileDownload download = new FileDownload(file, folder, progress);
      Optional<String> sha256 = download.alreadyThere();
      here.add(sha256);
      if (sha256.isEmpty()) {
        missing += Math.max(0, file.size() - download.alreadyHere());
        files++;
      }
    }
    deleteStrangers(folder, needed);
    requireSpace(folder, missing);
    progress.planned(record.commit(), files, missing);
    Transfer transfer = new Transfer(http, model, options);
    List<LockedFile> locked = new ArrayList<>();
    for (int i = 0; i < needed.size(); i++) {
      HubFile file = needed.get(i);
      URI uri = api.file(model, record.commit(), file);
      Optional<String> sha256 = here.get(i);
      String found =
          sha256.isPresent()
              ? sha256.get()
              : new FileDownload(file, folder, progress).fetch(transfer, uri);
      locked.add(new LockedFile(file.path(), file.size(), found));
    }
    return locked;
  }

  /** Files of a repaired model that were never part of it. */
  private static void deleteStrangers(Path folder, List<HubFile> needed) throws IOException {
    List<String> known = needed.stream().map(HubFile::path).toList();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.(part|etag)$", "");
        if (!known.contains(name)) {
          ModelStore.delete(file);
        }
      }
    }
  }

  private void requireSpace(Path folder, long missing) {
    long free = freeBytes.applyAsLong(folder);
    if (missing > 0 && missing > free - SPARE_BYTES) {
      throw new HubException(
          "%s takes %,d MiB more, and the disk of %s has %,d MiB free, of which %d MiB stay free. Make room, or name another store (--store, model.store)."
              .formatted(
                  model, (missing >> 20) + 1, layout.folder(), free >> 20, SPARE_BYTES >> 20));
    }
  }

  private ModelLock lock(HubRecord record, List<LockedFile> files, ModelCard card) {
    return new ModelLock(
        model.repository(),
        options.base().toString(),
        model.revisionOrMain(),
        record.commit(),
        files,
        card);
  }
}
