package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A file whose bytes do not come as they should. After each failure the store has no model; the
 * control of all is {@link ModelPullTest}, where the same pull without the fault works.
 */
class TransferFaultsTest {
  private static final int WEIGHTS = 300_000;
  private static final String CDN_WEIGHTS = "cdn/signed/model.safetensors";
  private static final int ALWAYS = Integer.MAX_VALUE;

  @RegisterExtension final PullFixture fixture = new PullFixture(WEIGHTS);

  @Test
  void aFileThatIsAlwaysCutShortEndsInAnErrorAndWhatCameIsKept() {
    breaksOffOnce();
    thenBringsNothing();

    fixture.assertRefused(
        "model.safetensors broke off after 100,000 of 300,000 bytes", "goes on from there");

    assertThat(fixture.store().files())
        .contains(PulledStore.unfinished("model.safetensors.part"))
        .doesNotContain(PulledStore.unfinished("model.safetensors"));
    assertThat(fixture.store().waits).hasSizeGreaterThan(2);
  }

  @Test
  void thePullAfterATruncationGoesOnFromWhatIsThere() {
    breaksOffOnce();
    thenBringsNothing();
    fixture.assertRefused("broke off");
    fixture.hub().heal();
    fixture.hub().requests.clear();

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly("bytes=100000-");
    assertThat(fixture.store().files()).noneMatch(file -> file.contains("unfinished"));
  }

  @Test
  void wrongBytesAreRefusedWithBothHashesAndDeleted() {
    byte[] wrong = fixture.weights().clone();
    wrong[1234] ^= 1;
    fixture.hub().fault(CDN_WEIGHTS, ALWAYS, exchange -> Answers.bytes(exchange, wrong));

    fixture.assertRefused(FakeHub.sha256(wrong), FakeHub.sha256(fixture.weights()), "was deleted");

    assertThat(fixture.store().files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void wrongBytesOfASmallFileAreRefusedByGitsHash() {
    byte[] wrong = "{\"model_type\": \"clap\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    fixture.hub().fault("/config.json", ALWAYS, exchange -> Answers.bytes(exchange, wrong));

    fixture.assertRefused("config.json", "git blob");
  }

  @Test
  void aPartOfAnotherVersionIsNotCompletedWithTheRestOfThis() {
    byte[] other = withStart(new byte[100_000]);
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS, 1, exchange -> Faults.cutAfter(exchange, other, 100_000, fixture.part()));

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
  }

  @Test
  void aPartThatWasDamagedOnTheDiskIsFetchedAnew() throws IOException {
    breaksOffOnce();
    thenBringsNothing();
    fixture.assertRefused("broke off");
    fixture.hub().heal();
    Files.write(fixture.part(), new byte[100_000]);
    fixture.hub().requests.clear();

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly("bytes=100000-", null);
  }

  @Test
  void aServerThatIgnoresRangesSendsAllAndTheFileIsWholeNotDoubled() {
    breaksOffOnce();
    fixture
        .hub()
        .fault(CDN_WEIGHTS, ALWAYS, exchange -> Answers.send(exchange, 200, fixture.weights()));

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
  }

  @Test
  void aServerThatSendsAnotherRangeThanAskedIsAskedForTheWhole() {
    breaksOffOnce();
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS,
            1,
            exchange -> {
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", "bytes 90000-" + (WEIGHTS - 1) + "/" + WEIGHTS);
              Answers.send(exchange, 206, Arrays.copyOfRange(fixture.weights(), 90_000, WEIGHTS));
            });

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.hub().requests)
        .filteredOn(request -> request.server().equals("cdn"))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-", null);
  }

  @Test
  void aProxysPageInPlaceOfWeightsIsNotKept() {
    fixture.hub().fault(CDN_WEIGHTS, ALWAYS, Answers::html);

    fixture.assertRefused("text/html", "proxy");

    assertThat(fixture.store().files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void aFileLongerThanItsRecordIsCutOffAndDeleted() {
    byte[] longer = Arrays.copyOf(fixture.weights(), WEIGHTS + 50_000);
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS,
            ALWAYS,
            exchange -> {
              exchange.sendResponseHeaders(200, 0); // chunked: no length is announced
              exchange.getResponseBody().write(longer);
              exchange.close();
            });

    fixture.assertRefused("goes on beyond the 300,000 bytes");

    assertThat(fixture.store().files()).noneMatch(file -> file.contains("model.safetensors"));
  }

  @Test
  void aFileOfAnotherAnnouncedLengthIsNotEvenStarted() {
    fixture.hub().fault(CDN_WEIGHTS, ALWAYS, exchange -> Answers.send(exchange, 200, new byte[10]));

    fixture.assertRefused("would be 10 bytes", "says 300,000");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    fixture.store().network = Network.ofThisMachine(Duration.ofMillis(200));
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS,
            ALWAYS,
            exchange -> {
              exchange.sendResponseHeaders(200, WEIGHTS);
              exchange.getResponseBody().write(new byte[1_000]);
              exchange.getResponseBody().flush();
              // Neither more nor an end.
            });

    fixture.assertRefused("broke off", "nothing came for");
  }

  /** The first transfer of the weights, after 100,000 bytes. */
  private void breaksOffOnce() {
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS,
            1,
            exchange -> Faults.cutAfter(exchange, fixture.weights(), 100_000, fixture.part()));
  }

  private void thenBringsNothing() {
    fixture
        .hub()
        .fault(
            CDN_WEIGHTS,
            ALWAYS,
            exchange -> Faults.cutAfter(exchange, fixture.weights(), 0, fixture.part()));
  }

  private byte[] withStart(byte[] start) {
    byte[] changed = fixture.weights().clone();
    System.arraycopy(start, 0, changed, 0, start.length);
    return changed;
  }
}
