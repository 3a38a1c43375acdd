package dev.tagstream.topology.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/**
 * Streams revives a task by closing its processor and initialising the same object again, with its
 * queue of punctuations as it was.
 */
final class RevivedProcessorTest {

  private final List<CompletableFuture<List<Output>>> started = new ArrayList<>();
  private final Processor<byte[], byte[], byte[], byte[]> processor =
      AsyncBatchProcessor.supplier(
              record -> {
                started.add(new CompletableFuture<>());
                return started.get(started.size() - 1);
              },
              new PendingLimits(10, 1_000, Duration.ofSeconds(1)))
          .get();
  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();

  @Test
  void thePunctuatorExistsOnlyWhileSomethingIsPending() {
    processor.init(context);
    assertThat(context.scheduledPunctuators()).isEmpty();
    process(0);
    process(1);
    assertThat(context.scheduledPunctuators()).hasSize(1);
    finish(0);
    finish(1);
    CapturedPunctuator punctuator = context.scheduledPunctuators().get(0);
    punctuator.getPunctuator().punctuate(0);
    assertThat(punctuator.cancelled()).isTrue();
    process(2);
    assertThat(context.scheduledPunctuators()).hasSize(2);
  }

  @Test
  void closingCancelsThePunctuatorSoThatItDoesNotRunTwiceInTheRevivedTask() {
    processor.init(context);
    process(0);
    processor.close();
    assertThat(context.scheduledPunctuators().get(0).cancelled()).isTrue();
    processor.init(context);
    process(0);
    assertThat(context.scheduledPunctuators()).hasSize(2);
    assertThat(context.scheduledPunctuators().get(1).cancelled()).isFalse();
  }

  @Test
  void aLateResultOfTheClosedProcessorGoesNowhere() {
    processor.init(context);
    process(0);
    processor.close();
    processor.init(context);
    process(0);
    finish(0);
    context.scheduledPunctuators().get(1).getPunctuator().punctuate(0);
    assertThat(context.forwarded()).isEmpty();
    finish(1);
    context.scheduledPunctuators().get(1).getPunctuator().punctuate(0);
    assertThat(context.forwarded()).hasSize(1);
  }

  private void process(long offset) {
    context.setRecordMetadata("events", 0, offset);
    processor.process(new Record<>(new byte[0], new byte[] {1}, 0));
  }

  private void finish(int index) {
    started
        .get(index)
        .complete(List.of(new Output("labels", null, "x".getBytes(UTF_8), new RecordHeaders())));
  }
}
