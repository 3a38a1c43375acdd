package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  @TempDir Path folder = Path.of("");
  private FakeHub hub = FakeHub.withModel(0);
  private PulledStore store = new PulledStore(Path.of(""));

  @BeforeEach
  void start() {
    hub.close();
    hub = FakeHub.withModel(100_000);
    store = new PulledStore(folder);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aPulledModelIsFoundByNameByRevisionAndByTheStartOfItsCommitWithoutANetwork() {
    StoredModel model = store.pull(hub);
    hub.close();

    assertThat(find("openai/clip-test")).contains(model);
    assertThat(find("openai/clip-test@main")).contains(model);
    assertThat(find("openai/clip-test@" + FakeHub.COMMIT)).contains(model);
    assertThat(find("openai/clip-test@" + FakeHub.COMMIT.substring(0, 8))).contains(model);
    assertThat(find("openai/clip-test@v2")).isEmpty();
    assertThat(find("openai/clip-other")).isEmpty();
    assertThat(store.store().list()).containsExactly(model);
  }

  @Test
  void aChangedByteAMissingFileAndAStrangerAreProblems() throws IOException {
    StoredModel model = store.pull(hub);
    Path weights = model.folder().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[5] ^= 1;
    Files.write(weights, bytes);
    Files.delete(model.folder().resolve("tokenizer.json"));
    Files.write(model.folder().resolve("pytorch_model.bin"), new byte[3]);
    Files.write(model.folder().resolve("notes.txt"), new byte[3]);

    assertThat(model.problems())
        .hasSize(3)
        .anyMatch(problem -> problem.startsWith("model.safetensors has SHA-256"))
        .anyMatch(problem -> problem.equals("tokenizer.json is missing"))
        .anyMatch(problem -> problem.startsWith("pytorch_model.bin was not pulled"));
    assertThat(model.quickProblems()).hasSize(2);
  }

  @Test
  void weightsThatLoadingHashedAreNotReadAgain() throws IOException {
    StoredModel model = store.pull(hub);
    Path weights = model.folder().resolve("model.safetensors");
    String sha256 = FakeHub.sha256(Files.readAllBytes(weights));
    Files.delete(weights);

    assertThat(model.weightsProblems(sha256)).isEmpty();
    assertThat(model.weightsProblems("another")).containsExactly("model.safetensors is missing");
  }

  @Test
  void removingTakesEverythingOfAModelEvenWhatIsUnfinished() {
    hub.fault("cdn/signed/model.safetensors", 99, Answers.status(403));
    assertThatThrownBy(() -> store.pull(hub)).isInstanceOf(HubException.class);
    assertThat(store.files()).isNotEmpty();

    assertThat(remove("openai/clip-test")).isTrue();

    assertThat(store.files()).isEmpty();
    assertThat(remove("openai/clip-test")).isFalse();
  }

  @Test
  void removingARevisionLeavesTheOthers() throws IOException {
    StoredModel model = store.pull(hub);
    String other = "0".repeat(40);
    Path copy = model.folder().resolveSibling(other);
    Files.createDirectories(copy);
    Files.copy(model.folder().resolve(ModelLock.FILE), copy.resolve(ModelLock.FILE));

    assertThat(remove("openai/clip-test@" + other)).isTrue();

    assertThat(copy).doesNotExist();
    assertThat(find("openai/clip-test")).contains(model);
  }

  @Test
  void ofTwoPullsOfTheSameModelTheSecondWaitsAndFetchesNothing() throws Exception {
    CountDownLatch secondWaits = new CountDownLatch(1);
    CountDownLatch firstIsInside = new CountDownLatch(1);
    hub.fault(
        "cdn/signed/model.safetensors",
        1,
        exchange -> {
          firstIsInside.countDown();
          await(secondWaits);
          Answers.bytes(exchange, hub.files.get("model.safetensors"));
        });
    CompletableFuture<StoredModel> first = CompletableFuture.supplyAsync(() -> store.pull(hub));
    firstIsInside.await();

    StoredModel second =
        new PulledStore(folder)
            .store()
            .pull(
                ModelReference.parse(FakeHub.REPOSITORY),
                HubOptions.of(hub.url(), Optional.empty()),
                waitingTells(secondWaits));

    assertThat(second).isEqualTo(first.get());
    assertThat(hub.downloads("model.safetensors")).isEqualTo(1);
  }

  @Test
  void aPullWaitsForThatOfAnotherProcess() throws Exception {
    CountDownLatch otherWaits = new CountDownLatch(1);
    hub.fault(
        "cdn/signed/model.safetensors",
        1,
        exchange -> {
          Process other = PullingProcess.start(hub.url(), folder);
          try (var lines = other.inputReader()) {
            // It says that it waits; only then does this pull go on.
            assertThat(lines.readLine()).isEqualTo("waiting");
            otherWaits.countDown();
            Answers.bytes(exchange, hub.files.get("model.safetensors"));
            assertThat(lines.readLine()).isEqualTo("pulled " + FakeHub.COMMIT);
          }
        });

    StoredModel model = store.pull(hub);

    assertThat(otherWaits.getCount()).isZero();
    assertThat(model.problems()).isEmpty();
    assertThat(hub.downloads("model.safetensors")).isEqualTo(1);
  }

  @Test
  void aDamagedLockFileIsNamed() throws IOException {
    StoredModel model = store.pull(hub);
    Path lock = model.folder().resolve(ModelLock.FILE);
    Files.writeString(
        lock, Files.readString(lock).replace("\"model.safetensors\"", "\"../model.safetensors\""));

    assertThatThrownBy(() -> StoredModel.in(model.folder()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(ModelLock.FILE)
        .hasMessageContaining("../model.safetensors");
  }

  @Test
  void theDefaultFolderFollowsTheSystemsCustom() {
    Path home = Path.of("/home/ada");

    assertThat(ModelStore.defaultFolder("Linux", home, Map.of()))
        .isEqualTo(Path.of("/home/ada/.local/share/tagstream/models"));
    assertThat(ModelStore.defaultFolder("Linux", home, Map.of("XDG_DATA_HOME", "/data")))
        .isEqualTo(Path.of("/data/tagstream/models"));
    assertThat(ModelStore.defaultFolder("Mac OS X", home, Map.of()))
        .isEqualTo(Path.of("/home/ada/Library/Application Support/tagstream/models"));
    assertThat(ModelStore.defaultFolder("Windows 11", home, Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/tagstream/models"));
  }

  private Optional<StoredModel> find(String name) {
    return store.store().find(ModelReference.parse(name));
  }

  private boolean remove(String name) {
    return store.store().remove(ModelReference.parse(name), () -> {});
  }

  private static PullProgress waitingTells(CountDownLatch waits) {
    return new PullProgress() {
      @Override
      public void waiting() {
        waits.countDown();
      }

      @Override
      public void planned(String commit, int files, long bytes) {}

      @Override
      public void at(String file, long bytes, long size) {}

      @Override
      public void restarted(String file) {}
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
