package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store whose waiting is recorded and not waited, and whose disk is as large as the test says.
 */
final class PulledStore {
  final List<Duration> waits = new ArrayList<>();
  final Path folder;
  long freeBytes = 1L << 40;
  Network network = Network.ofThisMachine(Duration.ofSeconds(30));

  PulledStore(Path folder) {
    this.folder = folder;
  }

  ModelStore store() {
    return new ModelStore(folder, path -> freeBytes, waits::add, network);
  }

  StoredModel pull(FakeHub hub) {
    return pull(hub, FakeHub.REPOSITORY);
  }

  StoredModel pull(FakeHub hub, String model) {
    return pull(model, HubOptions.of(hub.url(), Optional.empty()));
  }

  StoredModel pull(String model, HubOptions options) {
    return store().pull(ModelReference.parse(model), options, PullProgress.silent());
  }

  /** Where a file lies as long as it is not whole. */
  Path part(String file) {
    return folder.resolve(unfinished(file) + ".part");
  }

  /** The same, below the store. */
  static String unfinished(String file) {
    return "models--openai--clip-test/unfinished/" + FakeHub.COMMIT + "/" + file;
  }

  void assertNoModel() {
    assertThat(store().list()).isEmpty();
    assertThat(store().find(ModelReference.parse(FakeHub.REPOSITORY))).isEmpty();
    assertThat(files()).noneMatch(file -> file.contains("snapshots"));
  }

  /** The files in the store that have the name of something a model is made of. */
  List<String> finishedFiles() {
    return files().stream()
        .filter(file -> !file.endsWith(".part") && !file.endsWith(".etag"))
        .toList();
  }

  List<String> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(folder::relativize)
          .map(Path::toString)
          .filter(path -> !path.startsWith(".locks"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
