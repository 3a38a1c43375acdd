package dev.tagstream.topology.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Order and content; commits need a broker, since a test driver has no client supplier. */
final class AsyncBatchProcessorTest {

  private static final PendingLimits ROOMY = new PendingLimits(100, 1 << 20, Duration.ofSeconds(5));

  private final ManualTagging tagging = new ManualTagging();
  private TopologyTestDriver driver = start(ROOMY);
  private TestInputTopic<byte[], byte[]> input = input();
  private TestOutputTopic<byte[], byte[]> labels = output("labels");
  private TestOutputTopic<byte[], byte[]> rejects = output("rejects");

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void resultsKeepTheOrderOfTheirRecordsWhateverOrderTheyCompleteIn() {
    pipe("a", "b", "c");
    tagging.label("c");
    tagging.label("b");
    tick();
    assertThat(labels.isEmpty()).as("the head is unfinished").isTrue();
    tagging.label("a");
    tick();
    assertThat(values(labels)).containsExactly("a", "b", "c");
  }

  @Test
  void aRejectTakesItsOwnTurn() {
    pipe("a", "b");
    tagging.complete("b", new Output("rejects", null, "b!".getBytes(UTF_8), new RecordHeaders()));
    tick();
    assertThat(rejects.isEmpty()).as("a is still in front").isTrue();
    tagging.label("a");
    tick();
    assertThat(values(labels)).containsExactly("a");
    assertThat(values(rejects)).containsExactly("b!");
  }

  @Test
  void keyEventTimeAndHeadersReachEveryOutput() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[] {9});
    input.pipeInput(
        new TestRecord<>(
            "k".getBytes(UTF_8), "a".getBytes(UTF_8), headers, Instant.ofEpochMilli(1_234)));
    InputRecord seen = tagging.record("a");
    tagging.complete("a", new Output("labels", seen.key(), "x".getBytes(UTF_8), seen.headers()));
    tick();
    TestRecord<byte[], byte[]> result = labels.readRecord();
    assertThat(result.key()).asString().isEqualTo("k");
    assertThat(result.timestamp()).isEqualTo(1_234L);
    assertThat(result.headers().lastHeader("trace").value()).containsExactly(9);
  }

  @Test
  void aNullKeyStaysNull() {
    input.pipeInput(new TestRecord<byte[], byte[]>(null, "a".getBytes(UTF_8), Instant.EPOCH));
    tagging.label("a");
    tick();
    assertThat(labels.readRecord().key()).isNull();
  }

  @Test
  void aTombstoneAndItsOriginReachTheTagging() {
    input.pipeInput(new TestRecord<byte[], byte[]>("k".getBytes(UTF_8), null, Instant.EPOCH));
    InputRecord seen = tagging.record("null");
    assertThat(seen.value()).isNull();
    assertThat(seen.toString()).isEqualTo("events-0@0");
  }

  @Test
  void aFailureOfTheMachineIsThrownByThePunctuatorAndNotByTheNextRecord() {
    pipe("a");
    tagging.fail("a", new DeviceFailedException("no device", null));
    pipe("b");
    assertThatThrownBy(this::tick).hasStackTraceContaining("no device");
    assertThat(labels.isEmpty()).isTrue();
  }

  @Test
  void afterAFailureNoFurtherWorkIsStarted() {
    pipe("a");
    tagging.fail("a", new DeviceFailedException("no device", null));
    pipe("b");
    assertThat(tagging.started("b")).isFalse();
  }

  @Test
  void nothingBehindAFailedRecordIsForwarded() {
    pipe("a", "b", "c");
    tagging.label("c");
    tagging.fail("b", new DeviceFailedException("no device", null));
    tagging.label("a");
    pipe("d");
    assertThat(values(labels)).containsExactly("a");
  }

  @Test
  void aTimeOutOfTheClientEndsTheThreadInsteadOfRevivingTheTask() {
    pipe("a");
    tagging.fail("a", new TimeoutException("no metadata"));
    assertThatThrownBy(this::tick)
        .hasStackTraceContaining("no metadata")
        .hasRootCauseInstanceOf(TimeoutException.class)
        .hasCauseInstanceOf(TaggingFailedException.class);
  }

  @Test
  void aFullTaskForwardsFromProcessAndTakesTheNextRecord() {
    restart(new PendingLimits(2, 1 << 20, Duration.ofSeconds(30)));
    pipe("a", "b");
    tagging.label("a");
    pipe("c");
    assertThat(values(labels)).as("forwarded without a punctuation").containsExactly("a");
    assertThat(tagging.started("c")).isTrue();
  }

  @Test
  void aTaskFullOfBytesWaitsForThemToBeForwarded() {
    restart(new PendingLimits(100, 10, Duration.ofSeconds(30)));
    pipe("0123456789");
    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
        .execute(() -> tagging.label("0123456789"));
    pipe("b");
    assertThat(values(labels)).containsExactly("0123456789");
  }

  @Test
  void aProcessWithoutAnyResultForTheLongestWaitIsAFault() {
    restart(new PendingLimits(1, 1 << 20, Duration.ofMillis(20)));
    pipe("a");
    pipe("b");
    assertThatThrownBy(this::tick).hasStackTraceContaining("No result of any record for PT0.02S");
  }

  @Test
  void closingDropsWhatIsPendingAndCancelsIt() {
    pipe("a");
    CompletableFuture<List<Output>> future = tagging.futureOf("a");
    restart(ROOMY);
    assertThat(future).isCancelled();
  }

  private TopologyTestDriver start(PendingLimits limits) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    return new TopologyTestDriver(StandInTopology.of(tagging, limits), config);
  }

  private void restart(PendingLimits limits) {
    driver.close();
    driver = start(limits);
    input = input();
    labels = output("labels");
    rejects = output("rejects");
  }

  private TestInputTopic<byte[], byte[]> input() {
    return driver.createInputTopic(
        StandInTopology.INPUT, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void pipe(String... values) {
    for (String value : values) {
      input.pipeInput("k".getBytes(UTF_8), value.getBytes(UTF_8));
    }
  }

  private void tick() {
    driver.advanceWallClockTime(Duration.ofMillis(1));
  }

  private static List<String> values(TestOutputTopic<byte[], byte[]> topic) {
    return topic.readValuesToList().stream().map(value -> new String(value, UTF_8)).toList();
  }

  /** Completes when it is told to, a record being named by its value. */
  private static final class ManualTagging implements AsyncTagging {
    private final Map<String, InputRecord> records = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<List<Output>>> futures = new LinkedHashMap<>();

    @Override
    public CompletableFuture<List<Output>> start(InputRecord record) {
      String name = record.value() == null ? "null" : new String(record.value(), UTF_8);
      records.put(name, record);
      CompletableFuture<List<Output>> future = new CompletableFuture<>();
      futures.put(name, future);
      return future;
    }

    void label(String name) {
      complete(
          name,
          new Output("labels", record(name).key(), name.getBytes(UTF_8), new RecordHeaders()));
    }

    void complete(String name, Output... outputs) {
      futureOf(name).complete(List.of(outputs));
    }

    void fail(String name, Exception e) {
      futureOf(name).completeExceptionally(e);
    }

    boolean started(String name) {
      return futures.containsKey(name);
    }

    InputRecord record(String name) {
      return Objects.requireNonNull(records.get(name));
    }

    CompletableFuture<List<Output>> futureOf(String name) {
      return Objects.requireNonNull(futures.get(name));
    }
  }
}
