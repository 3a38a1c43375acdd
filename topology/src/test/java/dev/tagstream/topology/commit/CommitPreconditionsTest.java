package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.AT_LEAST_ONCE;
import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.commit.CommitPreconditions.Timing;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitPreconditionsTest {

  private static final Timing TIMING = new Timing(Duration.ofSeconds(3), Duration.ofSeconds(5));

  @Test
  void nothingSetIsNothingWrong() {
    assertThat(CommitPreconditions.check(Map.of(), EXACTLY_ONCE, TIMING)).isEmpty();
  }

  @Test
  void whatDoesNotTouchTheCommitPasses() {
    Map<String, Object> kafka =
        Map.of(
            "consumer.fetch.max.wait.ms", 100, "producer.compression.type", "zstd", "acks", "all");
    assertThat(CommitPreconditions.check(kafka, EXACTLY_ONCE, TIMING)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deserialization.exception.handler",
        "default.deserialization.exception.handler",
        "production.exception.handler",
        "default.production.exception.handler",
        "processing.exception.handler",
        "errors.dead.letter.queue.topic.name",
        "processing.guarantee",
        "interceptor.classes",
        "consumer.interceptor.classes",
        "main.consumer.interceptor.classes",
        "producer.interceptor.classes",
        "default.timestamp.extractor",
        "default.client.supplier",
        "processor.wrapper.class",
        "consumer.enable.auto.commit",
        "producer.transactional.id",
        "__processing.threads.enabled__",
        "__internal.consumer.wrapper__"
      })
  void whatWouldUndoTheLaggingCommitIsRefusedByNameAndValue(String key) {
    assertThat(CommitPreconditions.check(Map.of(key, "some.Value"), EXACTLY_ONCE, TIMING))
        .singleElement()
        .asString()
        .startsWith("kafka." + key + " (some.Value) is refused: ");
  }

  @Test
  void everyRefusedKeyThatStreamsKnowsIsSpelledAsStreamsSpellsIt() {
    assertThat(StreamsConfig.configDef().names())
        .contains(
            "deserialization.exception.handler",
            "production.exception.handler",
            "processing.exception.handler",
            "errors.dead.letter.queue.topic.name",
            "processing.guarantee",
            "default.timestamp.extractor",
            "default.client.supplier",
            "processor.wrapper.class");
  }

  @Test
  void theStreamsProtocolIsRefusedWithAtLeastOnceAlone() {
    Map<String, Object> kafka = Map.of("group.protocol", "streams");
    assertThat(CommitPreconditions.check(kafka, AT_LEAST_ONCE, TIMING))
        .singleElement()
        .asString()
        .contains("group.protocol=classic");
    assertThat(CommitPreconditions.check(kafka, EXACTLY_ONCE, TIMING)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"auto.offset.reset,latest", "consumer.auto.offset.reset,none", "producer.acks,1"})
  void aValueThatCouldSkipOrLoseRecordsIsRefused(String key, String value) {
    assertThat(CommitPreconditions.check(Map.of(key, value), EXACTLY_ONCE, TIMING))
        .singleElement()
        .asString()
        .startsWith("kafka." + key);
  }

  @Test
  void aSourceDeadlineMustBeBelowTheWait() {
    Timing timing = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(5));
    assertThat(CommitPreconditions.check(Map.of(), EXACTLY_ONCE, timing))
        .singleElement()
        .asString()
        .contains("deadline of a source (5 s) must be below");
  }

  @Test
  void theWaitMustBeBelowTheTransactionTimeOutWhereThereIsOne() {
    Timing timing = new Timing(Duration.ofSeconds(3), Duration.ofSeconds(10));
    assertThat(CommitPreconditions.check(Map.of(), EXACTLY_ONCE, timing))
        .singleElement()
        .asString()
        .contains("must be below transaction.timeout.ms (10 s)");
    assertThat(CommitPreconditions.check(Map.of(), AT_LEAST_ONCE, timing)).isEmpty();
    assertThat(
            CommitPreconditions.check(
                Map.of("producer.transaction.timeout.ms", "20000"), EXACTLY_ONCE, timing))
        .isEmpty();
  }

  @Test
  void theWaitMustBeBelowThePollInterval() {
    assertThat(
            CommitPreconditions.check(
                Map.of("consumer.max.poll.interval.ms", 4_000), EXACTLY_ONCE, TIMING))
        .singleElement()
        .asString()
        .contains("must be below max.poll.interval.ms (4 s)");
  }

  @Test
  void batchesThatTakeMoreThanHalfATransactionAreRefusedWithASizeThatFits() {
    Duration transaction = Duration.ofSeconds(10);
    assertThat(CommitPreconditions.checkBatchTime(Duration.ofSeconds(5), 32, transaction))
        .isEmpty();
    assertThat(CommitPreconditions.checkBatchTime(Duration.ofSeconds(20), 32, transaction))
        .get()
        .asString()
        .contains(
            "Batches of 32 take 20 s",
            "batches of at most 8",
            "raise transaction.timeout.ms to 80000");
  }
}
