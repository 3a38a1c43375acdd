package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pulling from a hub, or through a proxy, that goes wrong. After each failure the store has no
 * model; the control of all is {@link ModelPullTest}, where the same pull without the fault works.
 */
class PullFaultsTest {
  private static final int WEIGHTS = 300_000;
  private static final int ALWAYS = Integer.MAX_VALUE;

  @RegisterExtension final PullFixture fixture = new PullFixture(WEIGHTS);

  @Test
  void aBusyHubIsAskedAgainAfterTheTimeItNames() {
    fixture.hub().fault("/revision/main", 2, Answers.status(429, "Retry-After", "7"));

    StoredModel model = fixture.pull();

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.store().waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void aTimeToWaitCanBeADateByTheHubsOwnClock() {
    fixture
        .hub()
        .fault(
            "/revision/main",
            1,
            Answers.status(429, "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"));

    // The server's Date header is now, so that the date is far: too long to wait.
    fixture.assertRefused("The hub asks to wait for");
    assertThat(fixture.store().waits).isEmpty();
  }

  @Test
  void aHubThatAsksForTooLongAWaitIsNotWaitedFor() {
    fixture.hub().fault("/revision/main", 1, Answers.status(429, "Retry-After", "86400"));

    fixture.assertRefused("86400 seconds", "hub.token");

    assertThat(fixture.store().waits).isEmpty();
  }

  @Test
  void aHubThatStaysBusyIsGivenUp() {
    fixture.hub().fault("/revision/main", ALWAYS, Answers.status(429, "Retry-After", "1"));

    fixture.assertRefused("still busy");

    assertThat(fixture.store().waits).hasSize(4);
  }

  @Test
  void aServerErrorIsTriedAgainWithGrowingPauses() {
    fixture.hub().fault("/revision/main", 3, Answers.status(503));

    fixture.pull();

    assertThat(fixture.store().waits)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aRedirectIntoTheMachinesNetworkIsNotFollowed() {
    fixture
        .hub()
        .fault(
            "hub/openai/clip-test/resolve/" + FakeHub.COMMIT + "/model.safetensors",
            ALWAYS,
            Answers.redirect("http://169.254.169.254/latest/meta-data"));

    fixture.assertRefused("169.254.169.254", "not followed");
  }

  @Test
  void redirectsWithoutEndAreGivenUp() {
    fixture
        .hub()
        .fault(
            "/config.json",
            ALWAYS,
            exchange -> Answers.redirect(exchange.getRequestURI().getPath()).handle(exchange));

    fixture.assertRefused("redirects more than");
  }

  @Test
  void aRedirectToNowhereIsAnAnswerThatIsNamed() {
    fixture.hub().fault("/config.json", ALWAYS, Answers.status(302));

    fixture.assertRefused("answered with status 302");
  }

  @Test
  void anotherCommitThanTheOneThatIsPinnedIsNotTaken() {
    String pinned = "0".repeat(40);
    fixture
        .hub()
        .fault(
            "/revision/" + pinned,
            ALWAYS,
            exchange ->
                Answers.json(exchange, Map.of("sha", FakeHub.COMMIT, "siblings", List.of())));

    assertThatThrownBy(() -> fixture.store().pull(fixture.hub(), FakeHub.REPOSITORY + "@" + pinned))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(pinned)
        .hasMessageContaining("answered with commit " + FakeHub.COMMIT);
    fixture.store().assertNoModel();
  }

  @Test
  void aVanishedRevisionIsNamed() {
    assertThatThrownBy(() -> fixture.store().pull(fixture.hub(), FakeHub.REPOSITORY + "@v9"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("has no revision 'v9'");
    fixture.store().assertNoModel();
  }

  @Test
  void aModelThatIsNotThereSaysHowToNameAPrivateOne() {
    assertThatThrownBy(() -> fixture.store().pull(fixture.hub(), "openai/clap"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no public model openai/clap")
        .hasMessageContaining("hub.token");
  }

  @Test
  void aGatedModelSaysWhereToAcceptItsLicence() {
    fixture.hub().fault("/config.json", ALWAYS, Answers.status(403, "X-Error-Code", "GatedRepo"));

    fixture.assertRefused("is gated", fixture.hub().url() + "/" + FakeHub.REPOSITORY, "hub.token");
  }

  @Test
  void aTokenThatIsNotAcceptedIsNotShown() {
    fixture.hub().fault("/revision/main", ALWAYS, Answers.status(401));
    HubOptions options = HubOptions.of(fixture.hub().url(), Optional.of("hf_secret"));

    assertThatThrownBy(() -> fixture.store().pull(FakeHub.REPOSITORY, options))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("does not accept the token")
        .hasMessageNotContaining("hf_secret");
  }

  @Test
  void aProxysPageInPlaceOfTheRecordIsCalledThat() {
    fixture.hub().fault("/revision/main", ALWAYS, Answers::html);

    fixture.assertRefused("text/html", "proxy");
  }

  @Test
  void aDiskWithoutRoomIsSeenBeforeAnythingIsFetched() {
    fixture.store().freeBytes = (64L << 20) + WEIGHTS;

    fixture.assertRefused("MiB free", "--store");

    assertThat(fixture.hub().requests).noneMatch(request -> request.path().contains("/resolve/"));
  }

  @Test
  void aFileNameThatLeadsOutOfTheFolderSpoilsTheWholeRecord() {
    fixture.hub().recordSays("pytorch_model.bin", "rfilename", "../../outside.bin");

    fixture.assertRefused("cannot be believed", "../../outside.bin");

    assertThat(fixture.hub().requests).noneMatch(request -> request.path().contains("/resolve/"));
  }

  @Test
  void anAbsurdSizeSpoilsTheWholeRecord() {
    fixture.hub().recordSays("config.json", "size", Long.MAX_VALUE);
    fixture.assertRefused("cannot be believed", "config.json has 9223372036854775807 bytes");

    fixture.hub().recordSays("config.json", "size", -1);
    fixture.assertRefused("the size of config.json is -1");

    fixture.hub().recordSays("config.json", "size", 100 << 20);
    fixture.assertRefused("such a file has at most");
  }

  @Test
  void aListOfWeightsIsNoLargeFileEither() {
    fixture.hub().files.remove("model.safetensors");
    fixture.hub().text("model.safetensors.index.json", "{}");
    fixture.hub().recordSays("model.safetensors.index.json", "size", 100 << 20);

    fixture.assertRefused("model.safetensors.index.json", "such a file has at most");
  }

  @Test
  void aHubThatIsNotThereIsNamed() {
    fixture.hub().close();

    fixture.assertRefused("cannot be reached", fixture.hub().url());
  }
}
