package dev.tagstream.topology.metrics;

import dev.tagstream.topology.commit.ReplacementLimit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;

/** The state of Kafka Streams, and how often a thread of it had to be replaced. */
final class StreamMeters implements MeterBinder {
  private final Supplier<KafkaStreams.State> state;
  private final ReplacementLimit replacements;

  StreamMeters(Supplier<KafkaStreams.State> state, ReplacementLimit replacements) {
    this.state = state;
    this.replacements = replacements;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (KafkaStreams.State one : KafkaStreams.State.values()) {
      Gauge.builder("tagstream.stream.state", state, now -> now.get() == one ? 1 : 0)
          .description("1 for the state that Kafka Streams is in, 0 for the others.")
          .tag("state", one.name().toLowerCase(Locale.ROOT))
          .strongReference(true)
          .register(registry);
    }
    FunctionCounter.builder("tagstream.thread.replacements", replacements, r -> r.replaced())
        .description("Stream threads that failed and were replaced.")
        .register(registry);
  }
}
