package dev.tagstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageSource;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.LabelSetRecords;
import dev.tagstream.topology.tagging.ModelOnDevices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One application id with its topics, seen by a publisher and a {@code read_committed} consumer.
 */
final class MainJob implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int MOST_POLLS = 400;

  private final TagstreamConfig config;
  private final AvroCodecs codecs;
  private final List<ConsumerRecord<byte[], byte[]>> results = new ArrayList<>();
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private int published;

  MainJob(TagstreamConfig config) {
    this.config = config;
    this.codecs = AvroCodecs.connect(config.registry().client());
  }

  TagstreamConfig config() {
    return config;
  }

  String embeddings() {
    return config.topics().embeddings();
  }

  String labels() {
    return config.topics().labels();
  }

  String rejects() {
    return config.topics().rejects();
  }

  TagstreamApplication start(Monitoring monitoring) {
    return TagstreamApplication.start(config, monitoring);
  }

  /** With devices of the test's own. */
  TagstreamApplication start(ModelOnDevices model, Monitoring monitoring) {
    return TagstreamApplication.start(config, model, monitoring);
  }

  TagstreamApplication start() {
    return TagstreamApplication.start(config);
  }

  byte[] event(String id, byte[] picture, String... labelSets) {
    ImageEvent.Builder event =
        ImageEvent.newBuilder()
            .setEventId(id)
            .setSource(ImageSource.newBuilder().setBytes(ByteBuffer.wrap(picture)).build())
            .setOccurredAt(Instant.now());
    if (labelSets.length > 0) {
      event.setLabelSets(List.of(labelSets));
    }
    return codecs.codec(ImageEvent.class).toBytes(config.topics().events(), event.build());
  }

  /** To the partitions in turn; the key is the number of the event, every fourth has none. */
  void publish(byte @Nullable [] value) {
    int number = published++;
    byte[] key = number % 4 == 3 ? null : new byte[] {(byte) number};
    send(new ProducerRecord<>(config.topics().events(), number % 3, key, value));
  }

  void apply(LabelSet set) {
    String topic = config.topics().labelSets();
    byte[] value =
        codecs
            .codec(dev.tagstream.events.LabelSet.class)
            .toBytes(topic, LabelSetRecords.toRecord(set));
    send(new ProducerRecord<>(topic, set.name().getBytes(StandardCharsets.UTF_8), value));
  }

  void awaitLabelSet(TagstreamApplication application, String name) throws Exception {
    application.tagging().labels().whenKnown(List.of("default"), Duration.ZERO).get();
    while (application.tagging().labels().current().find(name) == null) {
      Thread.sleep(5);
    }
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    if (producer == null) {
      producer = new KafkaProducer<>(ClientSettings.producer(config));
    }
    try {
      producer.send(record).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** All results so far, once so many events are answered. */
  List<ConsumerRecord<byte[], byte[]>> results(int events) {
    if (consumer == null) {
      consumer = new KafkaConsumer<>(ClientSettings.consumer(config));
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : config.topics().results()) {
        consumer
            .partitionsFor(topic)
            .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
    while (answered() < events) {
      consumer.poll(POLL).forEach(results::add);
    }
    return results;
  }

  /** A transaction ends on each partition in its own moment. */
  private void awaitLabelsOfTheSameTransactions() {
    for (int i = 0; i < MOST_POLLS && count(labels()) < count(embeddings()); i++) {
      Objects.requireNonNull(consumer).poll(POLL).forEach(results::add);
    }
  }

  private long count(String topic) {
    return results.stream().filter(result -> result.topic().equals(topic)).count();
  }

  private long answered() {
    return results.stream().filter(result -> !result.topic().equals(labels())).count();
  }

  <T extends SpecificRecord> List<T> decode(
      Class<T> type, List<ConsumerRecord<byte[], byte[]>> records, String topic) throws Exception {
    List<T> values = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.topic().equals(topic)) {
        values.add(codecs.codec(type).fromBytes(topic, record.value()));
      }
    }
    return values;
  }

  /**
   * By origin: no offset missing, none answered twice, never an older one after a newer one. Each
   * event has one label set.
   */
  void assertEachOffsetAnsweredOnceInOrder(
      int events, List<ConsumerRecord<byte[], byte[]>> records) {
    awaitLabelsOfTheSameTransactions();
    Set<String> answered = new HashSet<>();
    Map<String, Long> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String origin =
          new String(
              record.headers().lastHeader(TagstreamHeaders.ORIGIN).value(), StandardCharsets.UTF_8);
      long offset = Long.parseLong(origin.substring(origin.lastIndexOf('@') + 1));
      String partition = record.topic() + "-" + record.partition();
      assertThat(origin).startsWith(config.topics().events() + "-" + record.partition() + "@");
      assertThat(offset).as(partition).isGreaterThan(last.getOrDefault(partition, -1L));
      last.put(partition, offset);
      if (!record.topic().equals(labels())) {
        assertThat(answered.add(origin)).as("%s answered once", origin).isTrue();
      }
    }
    assertThat(answered).hasSize(events);
    assertThat(records)
        .filteredOn(record -> record.topic().equals(labels()))
        .hasSameSizeAs(
            records.stream().filter(record -> record.topic().equals(embeddings())).toList());
  }

  @Override
  public void close() {
    codecs.close();
    if (producer != null) {
      producer.close();
    }
    if (consumer != null) {
      consumer.close();
    }
  }
}
