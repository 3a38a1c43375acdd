package dev.tagstream.topology.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The drill's own clients: publishes events, reads committed results, looks at the group. */
final class DrillTopics implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  private final DrilledApplication application;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<Origin> published = new HashSet<>();
  private final int partitions;
  private final OutputTally tally;
  private Set<String> lastMembers = Set.of();

  DrillTopics(DrilledApplication application, String bootstrapServers) {
    this.application = application;
    this.tally = new OutputTally(application.acceptable());
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
    admin = Admin.create(config);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    Map<String, Object> reading = new HashMap<>(config);
    reading.put("isolation.level", "read_committed");
    consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions = producer.partitionsFor(application.input()).size();
    List<TopicPartition> outputs = new ArrayList<>();
    application.outputs().forEach(topic -> outputs.addAll(partitionsOf(topic)));
    consumer.assign(outputs);
    consumer.seekToBeginning(outputs);
  }

  /** Publishes events with these indices, in turn to all partitions, and waits for the broker. */
  void publish(int from, int to) {
    List<Future<RecordMetadata>> sent =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    new ProducerRecord<byte[], byte[]>(
                        application.input(), i % partitions, null, application.event(i)))
            .map(producer::send)
            .toList();
    for (Future<RecordMetadata> record : sent) {
      RecordMetadata metadata = answer(record);
      published.add(new Origin(metadata.partition(), metadata.offset()));
    }
  }

  int published() {
    return published.size();
  }

  /** Reads what has been committed since the last call. */
  void read() {
    for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
      tally.add(new TopicPartition(result.topic(), result.partition()), application.origin(result));
    }
  }

  OutputTally tally() {
    return tally;
  }

  KillReport report(int kills) {
    return tally.report(published, kills);
  }

  /**
   * Whether the group has settled with so many members, each with partitions of its own, and at
   * least so many of them new since this was last true: a killed member counts until its session
   * ends.
   */
  boolean joined(int members, int newMembers) {
    ConsumerGroupDescription group = describedGroup();
    if (group == null || group.groupState() != GroupState.STABLE) {
      return false;
    }
    Set<String> ids = new HashSet<>();
    for (MemberDescription member : group.members()) {
      if (!member.assignment().topicPartitions().isEmpty()) {
        ids.add(member.consumerId());
      }
    }
    Set<String> fresh = new HashSet<>(ids);
    fresh.removeAll(lastMembers);
    if (group.members().size() != members || ids.size() != members || fresh.size() < newMembers) {
      return false;
    }
    lastMembers = ids;
    return true;
  }

  /** Null while no member has ever joined. */
  private @Nullable ConsumerGroupDescription describedGroup() {
    try {
      return admin
          .describeConsumerGroups(List.of(application.group()))
          .all()
          .get()
          .get(application.group());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return null;
      }
      throw new DrillException("The broker answered: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("Interrupted", e);
    }
  }

  /**
   * Whether nothing can change any more: the group has committed the end of the input, no
   * transaction is open on an output, and all committed results have been read.
   */
  boolean settled() {
    Map<TopicPartition, Long> inputEnds =
        ends(partitionsOf(application.input()), IsolationLevel.READ_UNCOMMITTED);
    var committed =
        answer(admin.listConsumerGroupOffsets(application.group()).partitionsToOffsetAndMetadata());
    for (Map.Entry<TopicPartition, Long> end : inputEnds.entrySet()) {
      var offset = committed.get(end.getKey());
      if (end.getValue() > 0 && (offset == null || offset.offset() < end.getValue())) {
        return false;
      }
    }
    List<TopicPartition> outputs = List.copyOf(consumer.assignment());
    Map<TopicPartition, Long> stable = ends(outputs, IsolationLevel.READ_COMMITTED);
    return stable.equals(ends(outputs, IsolationLevel.READ_UNCOMMITTED))
        && stable.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
    admin.close();
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> of, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    of.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    answer(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  private List<TopicPartition> partitionsOf(String topic) {
    return IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  private static <T> T answer(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new DrillException("The broker answered: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("Interrupted", e);
    }
  }
}
