package dev.tagstream.topology.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Kafka's own metrics of the stream threads and their clients. There are hundreds for each thread,
 * most of them averages and sockets; those that somebody would look at are kept.
 *
 * <p>The lag of each partition is read at each scrape: Micrometer's binder looks for new metrics
 * once a minute, and after a rebalance would show a part of the lag until then.
 */
final class KafkaMeters implements TagstreamMetrics.Refreshed, AutoCloseable {
  private static final Pattern KEPT =
      Pattern.compile(
          "kafka\\.(stream\\.(alive|failed)\\.stream\\.threads"
              + "|stream\\.thread\\.(blocked|commit|poll|process|punctuate|task)\\..*"
              + "|consumer\\.coordinator\\.(assigned|failed\\.rebalance|last|rebalance).*"
              + "|consumer\\.(last\\.poll|poll\\.idle|time\\.between).*"
              + "|producer\\.(record\\.(send|error|retry)|buffer\\.|bufferpool\\.|txn\\.).*"
              + "|producer\\.(request\\.latency|produce\\.throttle).*).*");
  private static final String CONSUMER_GROUP = "consumer-fetch-manager-metrics";
  private static final String LAG = "records-lag";
  private static final String PARTITION_LAG = "kafka.consumer.fetch.manager.records.lag";

  /** By which ours differ from those of the binder, which says client.id. */
  private static final String CLIENT = "client_id";

  private final KafkaStreamsMetrics binder;
  private final Supplier<Map<MetricName, ? extends Metric>> all;
  private final MultiGauge lag;

  /** For the registry, before it has any meters. */
  static MeterFilter filter() {
    return MeterFilter.deny(KafkaMeters::isNotKept);
  }

  KafkaMeters(MeterRegistry registry, KafkaStreams streams) {
    this.all = streams::metrics;
    this.lag =
        MultiGauge.builder(PARTITION_LAG)
            .description("Records of the partition after the last one fetched.")
            .register(registry);
    this.binder = new KafkaStreamsMetrics(streams);
    binder.bindTo(registry);
  }

  @Override
  public void refresh() {
    List<Row<?>> rows = new ArrayList<>();
    all.get()
        .forEach(
            (name, metric) -> {
              if (name.group().equals(CONSUMER_GROUP)
                  && name.name().equals(LAG)
                  && metric.metricValue() instanceof Double records
                  && !records.isNaN()) {
                rows.add(Row.of(tags(name.tags()), records));
              }
            });
    lag.register(rows, true);
  }

  @Override
  public void close() {
    binder.close();
  }

  private static boolean isNotKept(Meter.Id id) {
    String name = id.getName();
    boolean ours = name.equals(PARTITION_LAG) && id.getTag(CLIENT) != null;
    return name.startsWith("kafka.") && !ours && !KEPT.matcher(name).matches();
  }

  private static Tags tags(Map<String, String> kafkas) {
    return Tags.of(
        CLIENT,
        kafkas.getOrDefault("client-id", ""),
        "topic",
        kafkas.getOrDefault("topic", ""),
        "partition",
        kafkas.getOrDefault("partition", ""));
  }
}
