package dev.tagstream.topology.client;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.UndecodableRecordException;
import dev.tagstream.schemas.ValueCodec;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.labels.LabelSetRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Reads and writes the topic of label sets, as an operator does. One thread at a time. */
public final class LabelSetTopic {
  private static final Duration POLL = Duration.ofMillis(500);

  private final TagstreamConfig config;
  private final String topic;
  private final ValueCodec<dev.tagstream.events.LabelSet> codec;

  /** Connects to nothing yet; the codecs belong to the caller. */
  public LabelSetTopic(TagstreamConfig config, AvroCodecs codecs) {
    this.config = config;
    this.topic = config.topics().labelSets();
    this.codec = codecs.codec(dev.tagstream.events.LabelSet.class);
  }

  /** Publishes label sets, all of them encoded before the first is sent. */
  public void put(List<LabelSet> sets) {
    Map<String, byte @Nullable []> records = new TreeMap<>();
    for (LabelSet set : sets) {
      records.put(set.name(), codec.toBytes(topic, LabelSetRecords.toRecord(set)));
    }
    send(records);
  }

  /** Removes a label set: a tombstone. */
  public void delete(String name) {
    Map<String, byte @Nullable []> records = new TreeMap<>();
    records.put(name, null);
    send(records);
  }

  /** The sets on the topic by name; empty for one that cannot be read. */
  public Map<String, Optional<LabelSet>> current() {
    Map<String, Optional<LabelSet>> sets = new TreeMap<>();
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(ClientSettings.consumer(config))) {
      List<PartitionInfo> infos = consumer.partitionsFor(topic);
      if (infos == null || infos.isEmpty()) {
        throw new UnknownTopicOrPartitionException(topic);
      }
      List<TopicPartition> partitions =
          infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(record -> apply(record, sets));
      }
    }
    return sets;
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, Map<String, Optional<LabelSet>> sets) {
    if (record.key() == null) {
      return;
    }
    String name = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      sets.remove(name);
      return;
    }
    try {
      sets.put(
          name, Optional.of(LabelSetRecords.fromRecord(codec.fromBytes(topic, record.value()))));
    } catch (UndecodableRecordException | RuntimeException e) {
      sets.put(name, Optional.empty());
    }
  }

  private void send(Map<String, byte @Nullable []> records) {
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(ClientSettings.producer(config))) {
      for (Map.Entry<String, byte @Nullable []> entry : records.entrySet()) {
        byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, entry.getValue())).get();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    }
  }
}
