package dev.tagstream.topology.commit;

import dev.tagstream.topology.commit.LaggingCommit.Lowering;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps Streams from purging repartition topics up to the offsets it believes committed: the
 * records after the lowered offsets will be read again after a crash.
 */
final class LaggingAdmin extends ForwardingAdmin {

  private final Lowering lowering;

  LaggingAdmin(Map<String, Object> config, Lowering lowering) {
    super(config);
    this.lowering = lowering;
  }

  @Override
  public DeleteRecordsResult deleteRecords(
      Map<TopicPartition, RecordsToDelete> records, DeleteRecordsOptions options) {
    return super.deleteRecords(lowering == Lowering.ON ? clamped(records) : records, options);
  }

  /** A partition this thread has not committed is left out: nothing of it is known to be done. */
  static Map<TopicPartition, RecordsToDelete> clamped(
      Map<TopicPartition, RecordsToDelete> records) {
    StreamThreadRegistry registry = StreamThreadRegistry.current();
    Map<TopicPartition, RecordsToDelete> clamped = new HashMap<>();
    records.forEach(
        (partition, before) ->
            registry
                .lastCommitted(partition)
                .ifPresent(
                    committed ->
                        clamped.put(
                            partition,
                            RecordsToDelete.beforeOffset(
                                Math.min(before.beforeOffset(), committed)))));
    return clamped;
  }
}
