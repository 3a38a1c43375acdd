package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pulling from a hub, or through a proxy, that goes wrong. After each failure the store has no
 * model; the control of all is {@link ModelPullTest}, where the same pull without the fault works.
 */
class PullFaultsTest {
  private static final int WEIGHTS = 300_000;
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
  void aBusyHubIsAskedAgainAfterTheTimeItNames() {
    hub.fault("/revision/main", 2, FakeHub.status(429, "Retry-After", "7"));

    StoredModel model = store.pull(hub);

    assertThat(model.problems()).isEmpty();
    assertThat(store.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void aTimeToWaitCanBeADateByTheHubsOwnClock() {
    hub.fault(
        "/revision/main", 1, FakeHub.status(429, "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"));

    // The server's Date header is now, so that the date is far: too long to wait.
    refused("The hub asks to wait for");
    assertThat(store.waits).isEmpty();
  }

  @Test
  void aHubThatAsksForTooLongAWaitIsNotWaitedFor() {
    hub.fault("/revision/main", 1, FakeHub.status(429, "Retry-After", "86400"));

    refused("86400 seconds", "hub.token");

    assertThat(store.waits).isEmpty();
  }

  @Test
  void aHubThatStaysBusyIsGivenUp() {
    hub.fault("/revision/main", ALWAYS, FakeHub.status(429, "Retry-After", "1"));

    refused("still busy");

    assertThat(store.waits).hasSize(4);
  }

  @Test
  void aServerErrorIsTriedAgainWithGrowingPauses() {
    hub.fault("/revision/main", 3, FakeHub.status(503));

    store.pull(hub);

    assertThat(store.waits)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aRedirectIntoTheMachinesNetworkIsNotFollowed() {
    hub.fault(
        "hub/openai/clip-test/resolve/" + FakeHub.COMMIT + "/model.safetensors",
        ALWAYS,
        FakeHub.redirect("http://169.254.169.254/latest/meta-data"));

    refused("169.254.169.254", "not followed");
  }

  @Test
  void redirectsWithoutEndAreGivenUp() {
    hub.fault(
        "/config.json",
        ALWAYS,
        exchange -> FakeHub.redirect(exchange.getRequestURI().getPath()).handle(exchange));

    refused("redirects more than");
  }

  @Test
  void aVanishedRevisionIsNamed() {
    assertThatThrownBy(() -> store.pull(hub, FakeHub.REPOSITORY + "@v9"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("has no revision 'v9'");
    store.assertNoModel();
  }

  @Test
  void aModelThatIsNotThereSaysHowToNameAPrivateOne() {
    assertThatThrownBy(() -> store.pull(hub, "openai/clap"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no public model openai/clap")
        .hasMessageContaining("hub.token");
  }

  @Test
  void aGatedModelSaysWhereToAcceptItsLicence() {
    hub.fault("/config.json", ALWAYS, FakeHub.status(403, "X-Error-Code", "GatedRepo"));

    refused("is gated", hub.url() + "/" + FakeHub.REPOSITORY, "hub.token");
  }

  @Test
  void aTokenThatIsNotAcceptedIsNotShown() {
    hub.fault("/revision/main", ALWAYS, FakeHub.status(401));
    HubOptions options = HubOptions.of(hub.url(), Optional.of("hf_secret"));

    assertThatThrownBy(() -> store.pull(FakeHub.REPOSITORY, options))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("does not accept the token")
        .hasMessageNotContaining("hf_secret");
  }

  @Test
  void aProxysPageInPlaceOfTheRecordIsCalledThat() {
    hub.fault("/revision/main", ALWAYS, FakeHub::html);

    refused("text/html", "proxy");
  }

  @Test
  void aDiskWithoutRoomIsSeenBeforeAnythingIsFetched() {
    store.freeBytes = (64L << 20) + WEIGHTS;

    refused("MiB free", "--store");

    assertThat(hub.requests).noneMatch(request -> request.path().contains("/resolve/"));
  }

  @Test
  void aFileNameThatLeadsOutOfTheFolderSpoilsTheWholeRecord() {
    hub.recordSays("pytorch_model.bin", "rfilename", "../../outside.bin");

    refused("cannot be believed", "../../outside.bin");

    assertThat(hub.requests).noneMatch(request -> request.path().contains("/resolve/"));
  }

  @Test
  void anAbsurdSizeSpoilsTheWholeRecord() {
    hub.recordSays("config.json", "size", Long.MAX_VALUE);
    refused("cannot be believed", "config.json has 9223372036854775807 bytes");

    hub.recordSays("config.json", "size", -1);
    refused("the size of config.json is -1");

    hub.recordSays("config.json", "size", 100 << 20);
    refused("such a file has at most");
  }

  @Test
  void aHubThatIsNotThereIsNamed() {
    hub.close();

    refused("cannot be reached", hub.url());
  }

  private void refused(String... parts) {
    store.assertRefused(hub, parts);
  }
}
