package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.ClipModel;
import dev.tagstream.topology.batch.NamedDevice;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.tagging.ModelDevice;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.web.Http;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole application whose device does not come back, as the probe sees it that restarts it. */
@Timeout(300)
class HangingDeviceTest {
  private static final Duration STUCK_AFTER = Duration.ofSeconds(5);
  private static final byte[] PICTURE = DemoPictures.all().get(0).bytes();

  private static MainJobPlatform platform;

  @BeforeAll
  static void start() throws Exception {
    platform = MainJobPlatform.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  /** One picture at a time, so that the time of a batch is that of a picture. */
  private static MainJob job(String name) {
    return platform.job(
        name,
        "web.port",
        "0",
        "web.deviceStuckAfter",
        STUCK_AFTER.toSeconds() + "s",
        "batch.maxSize",
        "1",
        "batch.inFlight",
        "1");
  }

  private static ModelOnDevices on(ClipModel clip, GovernedDevice device) {
    return ModelOnDevices.of(clip, List.of(new NamedDevice("governed", device)));
  }

  private static HttpResponse<String> live(Monitoring monitoring) {
    return Http.get(monitoring.address().orElseThrow(), "/health/live");
  }

  private static void awaitLive(Monitoring monitoring, int status) throws InterruptedException {
    while (live(monitoring).statusCode() != status) {
      Thread.sleep(50);
    }
  }

  @Test
  void anApplicationWhoseDeviceHangsIsNotLiveUntilItGoesOn() throws Exception {
    MainJob job = job("hanging");
    try (ModelOnDevices loaded = Models.load(job.config());
        Monitoring monitoring = Monitoring.serve(job.config())) {
      GovernedDevice device = new GovernedDevice(new ModelDevice(loaded.clip().imageTower()));
      try (TagstreamApplication application = job.start(on(loaded.clip(), device), monitoring)) {
        job.publish(job.event("before", PICTURE));
        job.results(1);
        assertThat(live(monitoring).statusCode()).isEqualTo(200);

        device.hang();
        job.publish(job.event("held", PICTURE));
        awaitLive(monitoring, 503);
        assertThat(live(monitoring).body()).contains("governed: a batch is running for");

        device.goOn();
        awaitLive(monitoring, 200);
        job.assertEachOffsetAnsweredOnceInOrder(2, job.results(2));
        assertThat(application.failure()).isEmpty();
      } finally {
        device.goOn();
      }
    }
  }

  /** The control: what counts is one batch, not how long the device has been busy. */
  @Test
  void anApplicationWhoseDeviceIsSlowStaysLive() throws Exception {
    int events = 14;
    MainJob job = job("slow");
    try (ModelOnDevices loaded = Models.load(job.config());
        Monitoring monitoring = Monitoring.serve(job.config())) {
      GovernedDevice device = new GovernedDevice(new ModelDevice(loaded.clip().imageTower()));
      device.slowDown(STUCK_AFTER.dividedBy(10));
      try (TagstreamApplication application = job.start(on(loaded.clip(), device), monitoring)) {
        for (int i = 0; i < events; i++) {
          job.publish(job.event("e" + i, PICTURE));
        }
        while (application.tagging().engine().stats().images() < events) {
          assertThat(live(monitoring).statusCode()).isEqualTo(200);
          Thread.sleep(50);
        }

        assertThat(application.tagging().engine().devices().get(0).busy())
            .isGreaterThan(STUCK_AFTER);
        job.assertEachOffsetAnsweredOnceInOrder(events, job.results(events));
      }
    }
  }
}
