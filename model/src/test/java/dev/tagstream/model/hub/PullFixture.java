package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A hub with a small model and an empty store, new for each test. */
final class PullFixture implements BeforeEachCallback, AfterEachCallback {
  static final String WEIGHTS_FILE = "model.safetensors";

  private final int weightsBytes;
  private FakeHub hub = FakeHub.withModel(0);
  private PulledStore store = new PulledStore(Path.of(""));

  PullFixture(int weightsBytes) {
    this.weightsBytes = weightsBytes;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    hub.close();
    hub = FakeHub.withModel(weightsBytes);
    store = new PulledStore(Files.createTempDirectory("tagstream-store-"));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    hub.close();
    try (Stream<Path> files = Files.walk(store.folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }

  FakeHub hub() {
    return hub;
  }

  PulledStore store() {
    return store;
  }

  StoredModel pull() {
    return store.pull(hub);
  }

  byte[] weights() {
    return hub.files.getOrDefault(WEIGHTS_FILE, new byte[0]);
  }

  /** Where the weights lie as long as they are not whole. */
  Path part() {
    return store.part(WEIGHTS_FILE);
  }

  /** The pull ends in an error that says all of this, and leaves no model behind. */
  void assertRefused(String... parts) {
    assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContainingAll(parts);
    store.assertNoModel();
  }
}
