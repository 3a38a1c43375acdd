package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.AsyncBatchProcessor;
import dev.tagstream.topology.batch.OriginPartitioner;
import dev.tagstream.topology.batch.StandInTopology;
import dev.tagstream.topology.batch.TaggingFailedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Streams throws when a result cannot be written in time, on its way through the processor: to
 * Streams it means to revive the task, with the transaction that holds its earlier results.
 *
 * <p>Left to Streams 4.3.1 the revived task also skips what it had in work. Streams asks for a
 * rebalance, and if that ends before the task is initialised, as it did in five of five trials, the
 * task is made anew and forgets that it has to be set back: the consumer goes on behind what it had
 * fetched, and without new events the task stands still. That depends on who is first, so no test
 * asks for it.
 */
@Timeout(120)
final class RevivedTaskTest {

  private static final int EVENTS = 10;
  private static final String FAILS_ONCE = "0@5";

  private final ReplacementLimit replacements = new ReplacementLimit(3, Duration.ofMinutes(1));
  private final AtomicBoolean failed = new AtomicBoolean();
  private RealBroker broker;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    broker = new RealBroker(folder, 1);
    broker.publish(0, EVENTS);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void resultsAreWrittenOnceWhenOneOfThemCorruptsTheTask() throws Exception {
    application(Duration.ofSeconds(1), processor());

    await(() -> broker.committed(StandInTopology.INPUT, 0) == EVENTS);
    await(() -> broker.origins(0).contains("0@9"));
    assertThat(failed).isTrue();
    assertThat(replacements.replaced()).isEqualTo(1);
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, EVENTS));
  }

  @Test
  void leftToStreamsTheExceptionCommitsResultsWithoutTheirOffsets() throws Exception {
    application(Duration.ofMinutes(5), () -> new LeftToStreams(processor().get()));

    // Reviving the task is the only commit there is: whoever reads these events next writes their
    // results again.
    await(() -> broker.origins(0).contains("0@4"));
    assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 5));
    assertThat(broker.committed(StandInTopology.INPUT, 0)).isEqualTo(-1);
    assertThat(replacements.replaced()).isZero();
  }

  private static ProcessorSupplier<byte[], byte[], byte[], byte[]> processor() {
    return AsyncBatchProcessor.supplier(new HeldTagging(), ROOMY);
  }

  private void application(
      Duration commitInterval, ProcessorSupplier<byte[], byte[], byte[], byte[]> processor) {
    Topology topology = new Topology();
    topology.addSource(
        AutoOffsetReset.earliest(),
        "source",
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        StandInTopology.INPUT);
    topology.addProcessor("tag", processor, "source");
    topology.addProcessor("labels", FailsOnce::new, "tag");
    topology.addSink(
        "topic",
        "labels",
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        new OriginPartitioner(),
        "labels");
    broker.application(
        EXACTLY_ONCE,
        topology,
        replacements,
        Map.of(
            "commit.interval.ms",
            commitInterval.toMillis(),
            "producer.transaction.timeout.ms",
            600_000),
        LaggingCommit.clientSupplier());
  }

  /** Between the processor and the topic, where Streams' own writing throws. */
  private final class FailsOnce extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> result) {
      if (new String(result.value(), UTF_8).equals(FAILS_ONCE)
          && failed.compareAndSet(false, true)) {
        throw new TaskCorruptedException(Set.of(context().taskId()));
      }
      context().forward(result);
    }
  }

  /** The real processor, with the exception that it has turned into a plain one turned back. */
  private record LeftToStreams(Processor<byte[], byte[], byte[], byte[]> real)
      implements Processor<byte[], byte[], byte[], byte[]> {

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      real.init(withPunctuatorsLeftToStreams(context));
    }

    @Override
    public void process(Record<byte[], byte[]> event) {
      leftToStreams(() -> real.process(event));
    }

    @Override
    public void close() {
      real.close();
    }

    @SuppressWarnings("unchecked") // the proxy passes everything on to a context of this type
    private static ProcessorContext<byte[], byte[]> withPunctuatorsLeftToStreams(
        ProcessorContext<byte[], byte[]> context) {
      return (ProcessorContext<byte[], byte[]>)
          Proxy.newProxyInstance(
              ProcessorContext.class.getClassLoader(),
              new Class<?>[] {ProcessorContext.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("schedule")
                    && arguments[arguments.length - 1] instanceof Punctuator punctuator) {
                  arguments[arguments.length - 1] =
                      (Punctuator) now -> leftToStreams(() -> punctuator.punctuate(now));
                }
                try {
                  return method.invoke(context, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private static void leftToStreams(Runnable action) {
      try {
        action.run();
      } catch (TaggingFailedException e) {
        throw e.getCause() instanceof TaskCorruptedException corrupted ? corrupted : e;
      }
    }
  }
}
