package dev.tagstream.topology.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.web.Readiness.Group;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health as a probe sees it, over HTTP, of an application in every state it can be in. */
@Timeout(60)
class HealthTest {
  private static final Duration STUCK_AFTER = Duration.ofMillis(200);

  private final AtomicLong nanos = new AtomicLong();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final AtomicBoolean labelsFollowed = new AtomicBoolean(true);
  private boolean registryAnswers = true;
  private Group group = new Group(2, 6);
  private StreamsStatus streams = new StreamsStatus(State.RUNNING, 0, 6);

  private final Liveness liveness = new Liveness(STUCK_AFTER);
  private final Readiness readiness =
      new Readiness(this::askRegistry, () -> group, background::add, nanos::get);
  private WebServer server;

  private boolean askRegistry() {
    if (!registryAnswers) {
      throw new IllegalStateException("no registry there");
    }
    return true;
  }

  @BeforeEach
  void start() throws Exception {
    server =
        WebServer.start(
            "127.0.0.1",
            0,
            Map.of(
                "/health/live", new HealthPage("live", "not live", liveness.checks()),
                "/health/ready", new HealthPage("ready", "not ready", readiness.checks())));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void everythingIsThere() {
    readiness.registryAnswered();
    readiness.warm();
    readiness.labelsRead(labelsFollowed::get);
    readiness.streams(() -> streams);
    liveness.streams(() -> streams);
  }

  /** What the check found, which must also be what decides the status. */
  private String failing(String path, String check) throws Exception {
    HttpResponse<String> answer = Http.get(server.address(), path);
    JsonNode json = new ObjectMapper().readTree(answer.body());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(json.get("status").asText()).startsWith("not ");
    assertThat(json.get("checks").get(check).get("ok").asBoolean()).as(answer.body()).isFalse();
    return json.get("checks").get(check).get("detail").asText();
  }

  private void assertWell(String path) {
    HttpResponse<String> answer = Http.get(server.address(), path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  private void answerInBackground() {
    background.forEach(Runnable::run);
    background.clear();
  }

  @Test
  void beforeAnythingIsThereItIsLiveAndNotReady() throws Exception {
    assertWell("/health/live");
    for (String check : new String[] {"streams", "partitions", "model", "labels", "registry"}) {
      assertThat(failing("/health/ready", check)).isNotBlank();
    }
  }

  @Test
  void onceEverythingIsThereItIsLiveAndReady() {
    everythingIsThere();

    assertWell("/health/live");
    assertWell("/health/ready");
  }

  @Test
  void aDeviceThatHangsIsNotAliveUntilItAnswers() throws Exception {
    everythingIsThere();
    CountDownLatch release = new CountDownLatch(1);
    try (BatchEngine engine = new BatchEngine(new HeldDevice(release), BatchOptions.ofSize(4))) {
      liveness.device("cuda:1", engine::longestDeviceCall);
      assertWell("/health/live");

      var held = engine.submit(new byte[HeldDevice.BYTES]);
      while (engine.longestDeviceCall().compareTo(STUCK_AFTER) <= 0) {
        Thread.sleep(5);
      }
      assertThat(failing("/health/live", "device")).startsWith("cuda:1: a batch is running for");
      assertWell("/health/ready");

      release.countDown();
      held.join();
      assertWell("/health/live");
    } finally {
      release.countDown();
    }
  }

  @Test
  void withNothingConfiguredTheBoundFollowsFromTheWarmUp() throws Exception {
    Liveness byWarmUp = new Liveness(Duration.ZERO);
    AtomicLong seconds = new AtomicLong();
    byWarmUp.device("cpu", () -> Duration.ofSeconds(seconds.get()));
    byWarmUp.warm(Duration.ofSeconds(3));
    HealthPage page = new HealthPage("live", "not live", byWarmUp.checks());

    seconds.set(60);
    assertThat(page.get().status()).as("20 x 3 s").isEqualTo(200);
    seconds.set(61);
    assertThat(page.get().status()).isEqualTo(503);
    byWarmUp.warm(Duration.ofMillis(1));
    seconds.set(30);
    assertThat(page.get().status()).as("at least 30 s").isEqualTo(200);
  }

  @Test
  void streamsThatGaveUpAreNeitherLiveNorReady() throws Exception {
    everythingIsThere();
    streams = new StreamsStatus(State.ERROR, 0, 0);

    assertThat(failing("/health/live", "streams")).contains("ERROR");
    assertThat(failing("/health/ready", "streams")).isEqualTo("ERROR");
  }

  @Test
  void aStreamThreadThatEndedAndWasNotReplacedIsNotAlive() throws Exception {
    everythingIsThere();
    streams = new StreamsStatus(State.RUNNING, 1, 3);

    assertThat(failing("/health/live", "streams")).startsWith("1 stream threads ended");
  }

  @Test
  void aRebalanceMakesItNotReadyButHarmsNoLife() throws Exception {
    everythingIsThere();
    streams = new StreamsStatus(State.REBALANCING, 0, 0);

    assertWell("/health/live");
    assertThat(failing("/health/ready", "streams")).isEqualTo("REBALANCING");
  }

  @Test
  void withoutPartitionsItIsReadyOnlyIfTheGroupHasMoreMembersThanPartitions() throws Exception {
    everythingIsThere();
    streams = new StreamsStatus(State.RUNNING, 0, 0);
    group = new Group(6, 6);

    assertThat(failing("/health/ready", "partitions")).contains("not known yet");
    answerInBackground();
    assertThat(failing("/health/ready", "partitions")).contains("6 members share 6 partitions");

    group = new Group(7, 6);
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(failing("/health/ready", "partitions")).as("asks again").isNotBlank();
    answerInBackground();
    assertWell("/health/ready");
  }

  @Test
  void changesOfLabelSetsThatAreNoLongerReadMakeItNotReady() throws Exception {
    everythingIsThere();
    labelsFollowed.set(false);

    assertThat(failing("/health/ready", "labels")).contains("no longer read");
  }

  @Test
  void aRegistryThatIsAwayForLongMakesItNotReadyUntilItAnswersAgain() throws Exception {
    everythingIsThere();
    registryAnswers = false;

    nanos.addAndGet(Duration.ofMinutes(4).toNanos());
    assertWell("/health/ready");
    answerInBackground();
    assertWell("/health/ready");
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(failing("/health/ready", "registry")).contains("360 s ago", "no registry there");

    registryAnswers = true;
    answerInBackground();
    assertWell("/health/ready");
    assertWell("/health/live");
  }

  @Test
  void howeverOftenItIsProbedTheRegistryIsAskedOnceInHalfAMinute() {
    everythingIsThere();
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());

    for (int i = 0; i < 10; i++) {
      assertWell("/health/ready");
    }
    assertThat(background).hasSize(1);
    answerInBackground();
    assertWell("/health/ready");
    assertThat(background).isEmpty();
  }

  /** Answers once it is released. */
  private record HeldDevice(CountDownLatch release) implements Device {
    static final int BYTES = 3;

    @Override
    public int inputBytes() {
      return BYTES;
    }

    @Override
    public float[][] run(ByteBuffer pixels, int count) throws Exception {
      release.await();
      return new float[count][1];
    }
  }
}
