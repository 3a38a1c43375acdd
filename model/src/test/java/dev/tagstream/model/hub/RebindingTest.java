package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that change their addresses between being judged and being connected to. The hub is one
 * within a network, so that it may send to that network's hosts and not to the machine itself,
 * where the server of files waits on loopback.
 */
class RebindingTest {
  private static final String LOOPBACK = "127.0.0.1";

  /** In a private network whose number was drawn by chance and that no machine is in. */
  private static final String NOBODY = "fd5a:7a1c:93e2::1";

  @RegisterExtension final PullFixture fixture = new PullFixture(300_000);
  private final Names names = new Names();

  @Test
  void aNameThatTurnsIntoLoopbackOnceItIsJudgedNeverReachesLoopback() {
    names.turnsFrom("files.internal", NOBODY, LOOPBACK);

    assertThatThrownBy(() -> pull(insideFromTheRedirectOn(), "files.internal"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("cannot be reached");

    assertThat(names.asked("files.internal")).isEqualTo(1);
    assertNoFileWasAskedFor();
  }

  @Test
  void whatWasJudgedIsWhatIsConnectedTo() {
    names.turnsFrom("files.internal", LOOPBACK, NOBODY);

    StoredModel model = pull(LOOPBACK, "files.internal");

    assertThat(model.problems()).isEmpty();
    assertThat(fixture.hub().downloads("model.safetensors")).isEqualTo(1);
  }

  @Test
  void aNameWithAForbiddenAddressAmongOthersIsNotConnectedToAtAll() {
    names.is("files.internal", NOBODY, LOOPBACK);

    assertThatThrownBy(() -> pull(insideFromTheRedirectOn(), "files.internal"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("not a public one");

    assertNoFileWasAskedFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"})
  void aLiteralAddressIsJudgedLikeAName(String literal) {
    assertThatThrownBy(() -> pull(insideFromTheRedirectOn(), literal))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("not a public one");

    assertNoFileWasAskedFor();
  }

  @Test
  void aLiteralAddressThatIsAllowedIsConnectedTo() {
    assertThat(pull(LOOPBACK, LOOPBACK).problems()).isEmpty();
  }

  /** Where the hub is when its redirect is judged; until then it is where this test has it. */
  private static String insideFromTheRedirectOn() {
    return NOBODY;
  }

  private StoredModel pull(String hubFromTheRedirectOn, String filesHost) {
    names.is("hub.internal", LOOPBACK);
    String files = "http://" + filesHost + ":" + port(fixture.hub().cdnUrl());
    fixture
        .hub()
        .fault(
            "hub/openai/clip-test/resolve/" + FakeHub.COMMIT + "/model.safetensors",
            Integer.MAX_VALUE,
            exchange -> {
              names.is("hub.internal", hubFromTheRedirectOn);
              Answers.redirect(files + "/signed/model.safetensors").handle(exchange);
            });
    boolean knocksAtNobody = hubFromTheRedirectOn.equals(NOBODY);
    fixture.store().network = names.network(Duration.ofMillis(knocksAtNobody ? 700 : 30_000));
    return fixture
        .store()
        .pull(
            FakeHub.REPOSITORY,
            HubOptions.of("http://hub.internal:" + port(fixture.hub().url()), Optional.empty()));
  }

  private void assertNoFileWasAskedFor() {
    assertThat(fixture.hub().requests).noneMatch(request -> request.server().equals("cdn"));
    fixture.store().assertNoModel();
  }

  private static int port(String url) {
    return URI.create(url).getPort();
  }
}
