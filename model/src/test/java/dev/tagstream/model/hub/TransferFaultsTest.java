package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file whose bytes do not come as they should. After each failure the store has no model; the
 * control of all is {@link ModelPullTest}, where the same pull without the fault works.
 */
class TransferFaultsTest {
  private static final int WEIGHTS = 300_000;
  private static final String CDN_WEIGHTS = "cdn/signed/model.safetensors";
  private static final int ALWAYS = Integer.MAX_VALUE;

  @TempDir Path folder = Path.of("");
  private FakeHub hub = FakeHub.withModel(0);
  private PulledStore store = new PulledStore(Path.of(""));

  @BeforeEach
  void start() {
    hub.close();
    hub = FakeHub.withModel(WEIGHTS);
    store = new PulledStore(folder);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aFileThatIsAlwaysCutShortEndsInAnErrorAndWhatCameIsKept() {
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, weights(), 100_000, part()));
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> Faults.cutAfter(exchange, weights(), 0, part()));

    refused("model.safetensors broke off after 100,000 of 300,000 bytes", "goes on from there");

    assertThat(store.files())
        .contains(PulledStore.unfinished("model.safetensors.part"))
        .doesNotContain(PulledStore.unfinished("model.safetensors"));
    assertThat(store.waits).hasSizeGreaterThan(2);
  }

  @Test
  void thePullAfterATruncationGoesOnFromWhatIsThere() {
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, weights(), 100_000, part()));
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> Faults.cutAfter(exchange, weights(), 0, part()));
    refused("broke off");
    hub.heal();
    hub.requests.clear();

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
    assertThat(hub.requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly("bytes=100000-");
    assertThat(store.files()).noneMatch(file -> file.contains("unfinished"));
  }

  @Test
  void wrongBytesAreRefusedWithBothHashesAndDeleted() {
    byte[] wrong = weights().clone();
    wrong[1234] ^= 1;
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> FakeHub.bytes(exchange, wrong));

    refused(FakeHub.sha256(wrong), FakeHub.sha256(weights()), "was deleted");

    assertThat(store.files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void wrongBytesOfASmallFileAreRefusedByGitsHash() {
    byte[] wrong = "{\"model_type\": \"clap\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    hub.fault("/config.json", ALWAYS, exchange -> FakeHub.bytes(exchange, wrong));

    refused("config.json", "git blob");
  }

  @Test
  void aPartOfAnotherVersionIsNotCompletedWithTheRestOfThis() {
    byte[] other = withStart(new byte[100_000]);
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, other, 100_000, part()));

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
  }

  @Test
  void aPartThatWasDamagedOnTheDiskIsFetchedAnew() throws IOException {
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, weights(), 100_000, part()));
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> Faults.cutAfter(exchange, weights(), 0, part()));
    refused("broke off");
    hub.heal();
    Files.write(part(), new byte[100_000]);
    hub.requests.clear();

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
    assertThat(hub.requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly("bytes=100000-", null);
  }

  @Test
  void aServerThatIgnoresRangesSendsAllAndTheFileIsWholeNotDoubled() {
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, weights(), 100_000, part()));
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> FakeHub.send(exchange, 200, weights()));

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
  }

  @Test
  void aServerThatSendsAnotherRangeThanAskedIsAskedForTheWhole() {
    hub.fault(CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, weights(), 100_000, part()));
    hub.fault(
        CDN_WEIGHTS,
        1,
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Content-Range", "bytes 90000-" + (WEIGHTS - 1) + "/" + WEIGHTS);
          FakeHub.send(exchange, 206, Arrays.copyOfRange(weights(), 90_000, WEIGHTS));
        });

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
    assertThat(hub.requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-", null);
  }

  @Test
  void aProxysPageInPlaceOfWeightsIsNotKept() {
    hub.fault(CDN_WEIGHTS, ALWAYS, FakeHub::html);

    refused("text/html", "proxy");

    assertThat(store.files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void aFileLongerThanItsRecordIsCutOffAndDeleted() {
    byte[] longer = Arrays.copyOf(weights(), WEIGHTS + 50_000);
    hub.fault(
        CDN_WEIGHTS,
        ALWAYS,
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // chunked: no length is announced
          exchange.getResponseBody().write(longer);
          exchange.close();
        });

    refused("goes on beyond the 300,000 bytes");

    assertThat(store.files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void aFileOfAnotherAnnouncedLengthIsNotEvenStarted() {
    hub.fault(CDN_WEIGHTS, ALWAYS, exchange -> FakeHub.send(exchange, 200, new byte[10]));

    refused("would be 10 bytes", "says 300,000");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    store.silence = Duration.ofMillis(200);
    hub.fault(
        CDN_WEIGHTS,
        ALWAYS,
        exchange -> {
          exchange.sendResponseHeaders(200, WEIGHTS);
          exchange.getResponseBody().write(new byte[1_000]);
          exchange.getResponseBody().flush();
          // Neither more nor an end.
        });

    refused("broke off", "nothing came for");
  }

  private void refused(String... parts) {
    store.assertRefused(hub, parts);
  }

  private Path part() {
    return store.part("model.safetensors");
  }

  private byte[] weights() {
    return hub.files.getOrDefault("model.safetensors", new byte[0]);
  }

  private byte[] withStart(byte[] start) {
    byte[] changed = weights().clone();
    System.arraycopy(start, 0, changed, 0, start.length);
    return changed;
  }
}
