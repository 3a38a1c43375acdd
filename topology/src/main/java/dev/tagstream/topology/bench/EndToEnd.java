package dev.tagstream.topology.bench;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.TagstreamApplication;
import dev.tagstream.topology.batch.BatchStats;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.tagging.StageClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The whole application: from a preloaded topic to embeddings that a {@code read_committed}
 * consumer sees. One application for all runs, as where it is deployed: starting one and giving it
 * its partitions costs more than many a run.
 */
final class EndToEnd implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final TagstreamConfig config;
  private final Consumer<byte[], byte[]> results;
  private final TagstreamApplication application;
  private final Map<StageClock.Stage, Long> stageNanos = new EnumMap<>(StageClock.Stage.class);
  private BatchStats batches = new BatchStats(0, 0, 0, 0, 0, 0, 0);

  EndToEnd(TagstreamConfig config, ModelOnDevices model) {
    this.config = config;
    this.results = atTheEnd();
    this.application = TagstreamApplication.start(config, model);
  }

  /** Images a second. */
  double run(List<byte[]> files, int images) {
    BatchStats before = application.tagging().engine().stats();
    Map<StageClock.Stage, Long> stagesBefore = stagesSoFar();
    preload(files, images);
    Arrivals arrivals = new Arrivals();
    while (arrivals.count() < images) {
      application.failure().ifPresent(EndToEnd::failed);
      arrivals.add(results.poll(POLL).count());
    }
    batches = application.tagging().engine().stats().since(before);
    stagesSoFar()
        .forEach(
            (stage, nanos) -> stageNanos.put(stage, nanos - stagesBefore.getOrDefault(stage, 0L)));
    return arrivals.perSecond();
  }

  private Map<StageClock.Stage, Long> stagesSoFar() {
    Map<StageClock.Stage, Long> nanos = new EnumMap<>(StageClock.Stage.class);
    for (StageClock.Stage stage : StageClock.Stage.values()) {
      nanos.put(stage, application.tagging().stages().nanos(stage));
    }
    return nanos;
  }

  @Override
  public void close() {
    application.close();
    results.close();
  }

  /** Of the last run. */
  BatchStats batches() {
    return batches;
  }

  /** Of the last run: thread time in a stage. */
  long stageNanos(StageClock.Stage stage) {
    return stageNanos.getOrDefault(stage, 0L);
  }

  private Consumer<byte[], byte[]> atTheEnd() {
    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(ClientSettings.consumer(config));
    List<TopicPartition> partitions =
        consumer.partitionsFor(config.topics().embeddings()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // seekToEnd is lazy: ask, so that no result of this run is passed over.
    partitions.forEach(consumer::position);
    return consumer;
  }

  private void preload(List<byte[]> files, int images) {
    try (AvroCodecs codecs = AvroCodecs.connect(config.registry().client());
        Producer<byte[], byte[]> producer = new KafkaProducer<>(ClientSettings.producer(config))) {
      ValueCodec<ImageEvent> codec = codecs.codec(ImageEvent.class);
      String topic = config.topics().events();
      int partitions = producer.partitionsFor(topic).size();
      var sent =
          IntStream.range(0, images)
              .mapToObj(
                  i ->
                      producer.send(
                          new ProducerRecord<>(
                              topic, i % partitions, null, codec.toBytes(topic, event(i, files)))))
              .toList();
      producer.flush();
      for (var one : sent) {
        one.get();
      }
    } catch (Exception e) {
      throw new IllegalStateException("cannot preload the topic of image events", e);
    }
  }

  private static ImageEvent event(int number, List<byte[]> files) {
    ByteBuffer bytes = ByteBuffer.wrap(files.get(number % files.size()));
    return ImageEvent.newBuilder()
        .setEventId("bench-" + number)
        .setSource(ImageSource.newBuilder().setBytes(bytes).build())
        .setOccurredAt(Instant.now())
        .build();
  }

  private static void failed(Throwable reason) {
    throw new IllegalStateException("the application stopped while being measured", reason);
  }
}
