package dev.tagstream.topology.drill;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The application under drill, as the drill needs to know it. */
public interface DrilledApplication {

  /** The input topic, which exists. */
  String input();

  /** The output topics, which exist and have the input's number of partitions. */
  List<String> outputs();

  /** The application's consumer group, which is its {@code application.id}. */
  String group();

  /**
   * The command line of an instance; it must run until it is killed.
   *
   * @param instance 0 for the first
   */
  List<String> command(int instance);

  /** The value of an event; with the same index always the same. */
  byte[] event(int index);

  /** Which event a result belongs to. */
  Origin origin(ConsumerRecord<byte[], byte[]> result);

  /**
   * What an event's results may be, as numbers by output topic: for instance one embedding and one
   * labels record, or one reject.
   */
  List<Map<String, Integer>> acceptable();
}
