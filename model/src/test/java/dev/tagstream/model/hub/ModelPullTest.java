package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Pulling from a hub that behaves. */
class ModelPullTest {
  private static final int WEIGHTS = 3_000_000;

  @RegisterExtension final PullFixture fixture = new PullFixture(WEIGHTS);

  @Test
  void aPullBringsWhatACheckpointNeedsAndNothingElse() throws IOException {
    StoredModel model = fixture.pull();

    assertThat(model.lock().files())
        .extracting(ModelLock.LockedFile::path)
        .containsExactlyInAnyOrder(
            "config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "README.md",
            "model.safetensors");
    for (ModelLock.LockedFile file : model.lock().files()) {
      assertThat(Files.readAllBytes(model.folder().resolve(file.path())))
          .isEqualTo(fixture.hub().files.get(file.path()));
    }
  }

  @Test
  void theLockSaysWhereEachByteCameFrom() {
    StoredModel model = fixture.pull();

    ModelLock lock = StoredModel.in(model.folder()).orElseThrow().lock();
    assertThat(lock.source()).isEqualTo(FakeHub.REPOSITORY);
    assertThat(lock.hub()).isEqualTo(fixture.hub().url());
    assertThat(lock.requested()).isEqualTo("main");
    assertThat(lock.revision()).isEqualTo(FakeHub.COMMIT);
    assertThat(lock.card().licence()).contains("mit");
    assertThat(lock.files())
        .allSatisfy(
            file -> {
              byte[] content = fixture.hub().files.getOrDefault(file.path(), new byte[0]);
              assertThat(file.size()).isEqualTo(content.length);
              assertThat(file.sha256()).isEqualTo(FakeHub.sha256(content));
            });
  }

  @Test
  void filesAreAskedForByTheCommitAndNotByTheBranch() {
    fixture.pull();

    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.path().contains("/resolve/"))
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(request.path()).contains("/resolve/" + FakeHub.COMMIT + "/"));
  }

  @Test
  void aSecondPullFetchesNothing() {
    fixture.pull();
    fixture.hub().requests.clear();

    fixture.pull();

    assertThat(fixture.hub().requests)
        .extracting(FakeHub.Request::path)
        .allMatch(p -> p.contains("/api/"));
  }

  @Test
  void aPullRepairsWhatWasChangedInTheStore() throws IOException {
    StoredModel model = fixture.pull();
    Files.writeString(model.folder().resolve("config.json"), "{\"changed\": true}");
    fixture.hub().requests.clear();

    StoredModel again = fixture.pull();

    assertThat(again.problems()).isEmpty();
    assertThat(fixture.hub().downloads("model.safetensors")).isZero();
  }

  @Test
  void anInterruptedTransferGoesOnWhereItStopped() {
    fixture
        .hub()
        .fault("cdn/signed/model.safetensors", 1, exchange -> cutAfter(exchange, WEIGHTS / 3));

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=" + WEIGHTS / 3 + "-");
  }

  @Test
  void aResumedTransferAsksForTheRestOfTheSameThing() {
    fixture
        .hub()
        .fault("cdn/signed/model.safetensors", 1, exchange -> cutAfter(exchange, WEIGHTS / 3));

    fixture.pull();

    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn") && request.range() != null)
        .extracting(FakeHub.Request::ifRange)
        .containsExactly("\"" + FakeHub.sha256(fixture.weights()).substring(0, 32) + "\"");
  }

  @Test
  void aMirrorThatListsNoSizesIsAskedForItsTree() {
    fixture
        .hub()
        .fault(
            "hub/api/models/openai/clip-test/revision/main",
            1,
            exchange ->
                json(
                    exchange,
                    "{\"sha\":\""
                        + FakeHub.COMMIT
                        + "\",\"siblings\":[{\"rfilename\":\"config.json\"}]}"));
    fixture.hub().fault("/tree/" + FakeHub.COMMIT, 1, exchange -> json(exchange, tree()));

    StoredModel model = fixture.pull();

    assertThat(model.lock().files()).hasSize(2);
    assertThat(model.problems()).isEmpty();
  }

  @Test
  void progressCountsEveryByteOnce() {
    List<Long> seen = new ArrayList<>();
    List<Long> planned = new ArrayList<>();
    PullProgress progress =
        new PullProgress() {
          @Override
          public void waiting() {}

          @Override
          public void planned(String commit, int files, long bytes) {
            planned.add(bytes);
          }

          @Override
          public void at(String file, long bytes, long size) {
            if (file.equals("model.safetensors")) {
              seen.add(bytes);
            }
          }

          @Override
          public void restarted(String file) {}
        };

    StoredModel model =
        fixture
            .store()
            .store()
            .pull(
                ModelReference.parse(FakeHub.REPOSITORY),
                HubOptions.of(fixture.hub().url(), Optional.empty()),
                progress);

    assertThat(planned).containsExactly(model.lock().bytes());
    assertThat(seen).isSorted().startsWith(0L).endsWith((long) WEIGHTS);
  }

  @Test
  void theTokenGoesToTheHubAlone() {
    fixture
        .store()
        .pull(FakeHub.REPOSITORY, HubOptions.of(fixture.hub().url(), Optional.of("hf_secret")));

    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("hub"))
        .isNotEmpty()
        .extracting(FakeHub.Request::authorization)
        .containsOnly("Bearer hf_secret");
    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .isNotEmpty()
        .extracting(FakeHub.Request::authorization)
        .containsOnlyNulls();
  }

  @Test
  void theTokenIsInNoLogAtAnyLevel() {
    Logger everything = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Level level = everything.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    everything.addAppender(log);
    everything.setLevel(Level.TRACE);
    try {
      fixture
          .store()
          .pull(FakeHub.REPOSITORY, HubOptions.of(fixture.hub().url(), Optional.of("hf_secret")));
    } finally {
      everything.setLevel(level);
      everything.detachAppender(log);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getLoggerName)
        .anyMatch(name -> name.startsWith("org.apache.hc."));
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(message -> message.contains("hf_secret"));
  }

  private String tree() {
    byte[] config = fixture.hub().files.getOrDefault("config.json", new byte[0]);
    return "[{\"type\":\"directory\",\"path\":\"onnx\",\"oid\":\"x\",\"size\":0},"
        + "{\"type\":\"file\",\"path\":\"config.json\",\"size\":%d,\"oid\":\"%s\"},"
            .formatted(config.length, gitBlob(config))
        + "{\"type\":\"file\",\"path\":\"model.safetensors\",\"size\":%d,\"oid\":\"x\",\"lfs\":{\"oid\":\"%s\",\"size\":%d}}]"
            .formatted(WEIGHTS, FakeHub.sha256(fixture.weights()), WEIGHTS);
  }

  private static String gitBlob(byte[] content) {
    ContentDigest digest =
        new ContentDigest(
            new HubFile("x", content.length, new HubFile.Digest(HubFile.Algorithm.GIT_BLOB, "")));
    digest.update(content, content.length);
    return digest.finish().found();
  }

  private static void json(com.sun.net.httpserver.HttpExchange exchange, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    Answers.send(exchange, 200, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void cutAfter(com.sun.net.httpserver.HttpExchange exchange, int bytes)
      throws IOException {
    Faults.cutAfter(exchange, fixture.weights(), bytes, fixture.store().part("model.safetensors"));
  }
}
