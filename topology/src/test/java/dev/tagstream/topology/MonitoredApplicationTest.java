package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.events.RejectReason;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.web.Http;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A running application as Prometheus and a probe see it, on a real broker and registry. */
@Timeout(180)
class MonitoredApplicationTest {
  private static final Path DOCUMENTATION = Path.of("..", "docs", "metrics.md");
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

  private static String scrape(Monitoring monitoring) {
    return Http.get(monitoring.address().orElseThrow(), "/metrics").body();
  }

  private static String ready(Monitoring monitoring) {
    return Http.get(monitoring.address().orElseThrow(), "/health/ready").body();
  }

  private static String await(Monitoring monitoring, Predicate<String> wanted)
      throws InterruptedException {
    String scrape = scrape(monitoring);
    while (!wanted.test(scrape)) {
      Thread.sleep(20);
      scrape = scrape(monitoring);
    }
    return scrape;
  }

  @Test
  void theDocumentedMetricsAreTheExportedOnesAndTheyCountWhatHappened() throws Exception {
    MainJob job = platform.job("metrics", "web.port", "0", "model.compute", "f16");
    int tagged = 9;
    for (int i = 0; i < tagged; i++) {
      job.publish(job.event("e" + i, PICTURE));
    }
    job.publish(job.event("broken", new byte[] {1, 2, 3}));
    job.publish(new byte[] {1, 2, 3});

    try (Monitoring monitoring = Monitoring.serve(job.config());
        TagstreamApplication application = job.start(monitoring)) {
      job.results(tagged + 2);
      String scrape = await(monitoring, text -> caughtUp(text, tagged + 2));

      assertThat(MetricsTable.exported(scrape).metrics())
          .isEqualTo(MetricsTable.documented(DOCUMENTATION).metrics());

      assertCounts(scrape, tagged);
      assertThat(MetricsTable.value(scrape, "tagstream_model_info", "compute", "f16_emulated"))
          .isOne();
      assertThat(application.devices()).isEqualTo("cpu in F16 emulated");
      assertThat(MetricsTable.value(scrape, "tagstream_stream_state", "state", "error")).isZero();
      assertThat(MetricsTable.value(scrape, "kafka_consumer_fetch_manager_records_lag")).isZero();
      assertThat(MetricsTable.value(scrape, "process_start_time_seconds")).isPositive();
      assertThat(application.failure()).isEmpty();
    }
  }

  /** Forwarded is before committed, which is what a consumer of results waits for. */
  private static boolean caughtUp(String scrape, int events) {
    return MetricsTable.value(scrape, "tagstream_results_total") == events
        && MetricsTable.value(scrape, "tagstream_pending_records") == 0
        && MetricsTable.value(scrape, "tagstream_commit_lag_records") == 0
        && MetricsTable.value(scrape, "tagstream_stream_state", "state", "running") == 1;
  }

  private static void assertCounts(String scrape, int tagged) {
    assertThat(MetricsTable.value(scrape, "tagstream_results_total", "outcome", "tagged"))
        .isEqualTo(tagged);
    for (RejectReason reason : RejectReason.values()) {
      boolean happened =
          reason == RejectReason.UNKNOWN_FORMAT || reason == RejectReason.UNDECODABLE_EVENT;
      assertThat(MetricsTable.value(scrape, "tagstream_rejects_total", "reason", reason.name()))
          .as(reason.name())
          .isEqualTo(happened ? 1 : 0);
    }
    assertThat(MetricsTable.value(scrape, "tagstream_labels_total", "label_set", "default"))
        .isEqualTo(tagged);
    assertThat(MetricsTable.value(scrape, "tagstream_batch_size_sum")).isEqualTo(tagged);
    assertThat(MetricsTable.value(scrape, "tagstream_latency_seconds_count"))
        .as("the record that is no event has no time")
        .isEqualTo(tagged + 1);
    assertStage(scrape, "read", tagged + 2, tagged + 2);
    assertStage(scrape, "finish", tagged + 2, tagged + 2);
    assertThat(stage(scrape, "service_seconds_count", "decode")).isEqualTo(tagged + 1);
    assertThat(stage(scrape, "service_seconds_count", "await_batch")).isEqualTo(tagged);
    assertThat(stage(scrape, "queue_seconds_count", "device")).isEqualTo(tagged);
    assertThat(stage(scrape, "service_seconds_sum", "device")).isPositive();
    double busy = MetricsTable.value(scrape, "tagstream_device_busy_seconds_total");
    assertThat(busy)
        .isPositive()
        .isLessThanOrEqualTo(stage(scrape, "service_seconds_sum", "device"));
  }

  private static void assertStage(String scrape, String stage, int queued, int served) {
    assertThat(stage(scrape, "queue_seconds_count", stage)).isEqualTo(queued);
    assertThat(stage(scrape, "service_seconds_count", stage)).isEqualTo(served);
    assertThat(stage(scrape, "service_seconds_sum", stage)).isPositive();
    assertThat(stage(scrape, "workers", stage)).isPositive();
  }

  private static double stage(String scrape, String what, String stage) {
    return MetricsTable.value(scrape, "tagstream_stage_" + what, "stage", stage);
  }

  @Test
  void itIsReadyOnceItRunsAndSoIsOneThatStandsByForIt() throws Exception {
    MainJob job =
        platform.job(
            "ready", "web.port", "0", "topics.partitions", "1", "application.threads", "1");

    try (Monitoring one = Monitoring.serve(job.config());
        Monitoring two = Monitoring.serve(job.config())) {
      assertThat(ready(one)).contains("\"not ready\"", "not loaded and warmed up yet");
      assertThat(scrape(one)).contains("jvm_memory_used_bytes").doesNotContain("stream_state");

      try (TagstreamApplication first = job.start(one)) {
        bothAreReady(job, one, two);

        assertThat(ready(two)).contains("\"not ready\"", "NOT_RUNNING");
        while (!ready(one).contains("1 assigned")) {
          Thread.sleep(20);
        }
        assertThat(first.failure()).isEmpty();
      }
    }
  }

  private static void bothAreReady(MainJob job, Monitoring one, Monitoring two)
      throws InterruptedException {
    try (TagstreamApplication second = job.start(two)) {
      while (!ready(one).contains("\"ready\"") || !ready(two).contains("\"ready\"")) {
        Thread.sleep(20);
      }
      assertThat(ready(one) + ready(two))
          .containsOnlyOnce("standing by: 2 members for 1 partitions")
          .containsOnlyOnce("1 assigned");
      assertThat(second.failure()).isEmpty();
    }
  }

  @Test
  void aPortInUseIsOneSentenceThatNamesTheSetting() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      MainJob job =
          platform.jobWithoutTopics("port", "web.port", Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> Monitoring.serve(job.config()))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("127.0.0.1, port " + taken.getLocalPort())
          .hasMessageContaining("set web.port to a free port");
    }
  }
}
