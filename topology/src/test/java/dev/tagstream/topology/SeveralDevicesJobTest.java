package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ImageTower;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.topology.batch.DeviceLane;
import dev.tagstream.topology.batch.NamedDevice;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.tagging.ModelDevice;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.web.Http;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The application as a whole with the starter model on two devices. Both are the CPU, each with a
 * runtime session of its own, under the names that two GPUs would have.
 */
@Timeout(300)
class SeveralDevicesJobTest {
  private static final List<byte[]> PICTURES =
      DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList();
  private static final int EVENTS = 120;

  private static MainJobPlatform platform;

  private ClipModel clip;
  private ImageTower secondTower;
  private GovernedDevice one;
  private GovernedDevice two;

  @BeforeAll
  static void start() throws Exception {
    platform = MainJobPlatform.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static MainJob job(String name) {
    return platform.job(
        name,
        "web.port",
        "0",
        "model.path",
        "starter",
        "model.device",
        "cpu",
        "batch.maxSize",
        "4",
        "batch.inFlight",
        "1");
  }

  @BeforeEach
  void load() {
    clip =
        Models.load(platform.jobWithoutTopics("unused", "model.path", "starter").config()).clip();
    secondTower = clip.imageTowerOn(new DeviceChoice.Cpu());
    one = new GovernedDevice(new ModelDevice(clip.imageTower()));
    two = new GovernedDevice(new ModelDevice(secondTower));
  }

  @AfterEach
  void close() {
    secondTower.close();
    clip.close();
  }

  private ModelOnDevices both() {
    return ModelOnDevices.of(
        clip, List.of(new NamedDevice("cuda:0", one), new NamedDevice("cuda:1", two)));
  }

  private static void publish(MainJob job) {
    for (int i = 0; i < EVENTS; i++) {
      byte[] picture = PICTURES.get(i % PICTURES.size());
      job.publish(i % 10 == 7 ? new byte[] {1, 2, 3} : job.event("picture " + i, picture));
    }
  }

  private static String scrape(Monitoring monitoring) {
    return Http.get(monitoring.address().orElseThrow(), "/metrics").body();
  }

  @Test
  void eachEventIsAnsweredOnceAndInOrderWhicheverDeviceItRanOn() throws Exception {
    MainJob job = job("both");
    publish(job);

    try (Monitoring monitoring = Monitoring.serve(job.config());
        TagstreamApplication application = job.start(both(), monitoring)) {
      List<ConsumerRecord<byte[], byte[]>> results = job.results(EVENTS);

      job.assertEachOffsetAnsweredOnceInOrder(EVENTS, results);
      assertThat(application.tagging().engine().devices())
          .allSatisfy(device -> assertThat(device.stats().images()).isPositive());
      assertThat(application.failure()).isEmpty();
      assertVectors(job.decode(ImageEmbedding.class, results, job.embeddings()));
      String scrape = scrape(monitoring);
      for (DeviceLane device : application.tagging().engine().devices()) {
        assertDeviceMetrics(scrape, device);
      }
      assertThat(MetricsTable.value(scrape, "tagstream_stage_workers", "stage", "device"))
          .isEqualTo(2);
    }
  }

  private void assertVectors(List<ImageEmbedding> embeddings) throws Exception {
    for (ImageEmbedding embedding : embeddings) {
      int number = Integer.parseInt(embedding.getEventId().substring("picture ".length()));
      float[] expected = clip.embedImage(PICTURES.get(number % PICTURES.size()));
      for (int i = 0; i < expected.length; i++) {
        assertThat(embedding.getVector().get(i)).isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  private static void assertDeviceMetrics(String scrape, DeviceLane device) {
    assertThat(MetricsTable.value(scrape, "tagstream_batch_size_sum", "device", device.name()))
        .isEqualTo((double) device.stats().images());
    assertThat(
            MetricsTable.value(
                scrape, "tagstream_device_busy_seconds_total", "device", device.name()))
        .isPositive();
    assertThat(MetricsTable.value(scrape, "tagstream_device_in_use", "device", device.name()))
        .isOne();
    assertThat(
            MetricsTable.value(
                scrape, "tagstream_model_info", "device", device.name(), "compute", "f32"))
        .isOne();
  }

  @Test
  void aDeviceThatFailsCostsNoEventAndNoThreadWhileTheOtherWorks() throws Exception {
    MainJob job = job("one-fails");

    try (Monitoring monitoring = Monitoring.serve(job.config());
        TagstreamApplication application = job.start(both(), monitoring)) {
      one.breakDown();
      publish(job);
      List<ConsumerRecord<byte[], byte[]>> results = job.results(EVENTS);

      job.assertEachOffsetAnsweredOnceInOrder(EVENTS, results);
      assertThat(job.decode(ImageEmbedding.class, results, job.embeddings())).hasSize(108);
      assertThat(application.failure()).isEmpty();
      String scrape = scrape(monitoring);
      assertThat(MetricsTable.value(scrape, "tagstream_thread_replacements_total")).isZero();
      assertThat(MetricsTable.value(scrape, "tagstream_device_in_use", "device", "cuda:0"))
          .isZero();
      assertThat(MetricsTable.value(scrape, "tagstream_device_in_use", "device", "cuda:1")).isOne();
      assertThat(MetricsTable.value(scrape, "tagstream_device_failures_total", "device", "cuda:0"))
          .isPositive();
      assertThat(Http.get(monitoring.address().orElseThrow(), "/health/live").statusCode())
          .isEqualTo(200);
    }
  }

  /** The control: without another device the same fault reaches the records' threads. */
  @Test
  void whereBothFailThreadsAreReplaced() throws Exception {
    MainJob job = job("both-fail");

    try (Monitoring monitoring = Monitoring.serve(job.config());
        TagstreamApplication application = job.start(both(), monitoring)) {
      one.breakDown();
      two.breakDown();
      job.publish(job.event("picture 0", PICTURES.get(0)));
      while (MetricsTable.value(scrape(monitoring), "tagstream_thread_replacements_total") == 0) {
        Thread.sleep(50);
      }
      assertThat(application.tagging().engine().stats().images()).isPositive();
    }
  }
}
