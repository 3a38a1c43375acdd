package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.HubException;
import dev.tagstream.model.hub.ModelLock;
import dev.tagstream.model.hub.PinnedFile;
import dev.tagstream.model.selftest.Figure;
import dev.tagstream.model.selftest.Figures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pictures that published figures are of: in the folder that somebody named, among those
 * that come with Tagstream, beside the pulled model, or where they are published.
 *
 * @param named a folder; null: none
 * @param beside of a pulled model, where fetched pictures stay; empty: they stay nowhere
 * @param fetch whether pictures that are not here are fetched
 */
record FigurePictures(@Nullable Path named, Optional<Path> beside, boolean fetch) {

  /** What came of it. */
  sealed interface Found {
    /** The whole file. */
    @SuppressWarnings("ArrayRecordComponent") // a file's content, compared by nobody
    record Here(byte[] file) implements Found {}

    /** For people. */
    record Missing(String why) implements Found {}
  }

  Found find(Figure.Picture picture) throws IOException {
    if (named != null && Files.isRegularFile(named.resolve(picture.name()))) {
      return new Found.Here(Files.readAllBytes(named.resolve(picture.name())));
    }
    Optional<byte[]> here = Figures.picture(picture.name()).or(() -> kept(picture));
    if (here.isPresent()) {
      return new Found.Here(here.get());
    }
    if (picture.address().isEmpty()) {
      return new Found.Missing(picture.name() + " is not here; name its folder with --pictures");
    }
    URI address = picture.address().get();
    if (!fetch) {
      return new Found.Missing(
          "%s is not here; let selftest --fetch get it from %s, or name its folder with --pictures"
              .formatted(picture.name(), address.getHost()));
    }
    try {
      byte[] file = new PinnedFile(address, picture.sha256().orElseThrow()).fetch();
      keep(picture, file);
      return new Found.Here(file);
    } catch (HubException e) {
      return new Found.Missing(
          "%s cannot be had: %s (or name its folder with --pictures)"
              .formatted(picture.name(), e.getMessage()));
    }
  }

  private Optional<byte[]> kept(Figure.Picture picture) {
    Optional<Path> file = beside.map(folder -> folder.resolve(picture.name()));
    if (file.isEmpty() || !Files.isRegularFile(file.get())) {
      return Optional.empty();
    }
    try {
      byte[] content = Files.readAllBytes(file.get());
      return picture.sha256().equals(Optional.of(ModelLock.sha256(content)))
          ? Optional.of(content)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** For the next time; a store that cannot be written to is no reason not to compare now. */
  private void keep(Figure.Picture picture, byte[] content) {
    if (beside.isEmpty()) {
      return;
    }
    Path folder = beside.get();
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, picture.name(), ".part");
      try {
        Files.write(part, content);
        Files.move(part, folder.resolve(picture.name()), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // It is fetched again the next time.
    }
  }
}
