package dev.tagstream.topology.commit;

import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of one task whose results have not all been forwarded. Asked on the stream thread
 * that owns the task, at each commit; keeps answering after the task's processor was closed.
 */
public interface UnfinishedOffsets {

  /**
   * The lowest offset of the partition that is still unfinished, which is where the next owner must
   * read on; empty if everything handed over so far is finished.
   */
  OptionalLong first(TopicPartition partition);

  /** Whether results are awaited; false once closed, though {@link #first} goes on answering. */
  boolean awaiting();

  /**
   * To be told of every successful commit of the stream thread.
   *
   * @param offsets of all its tasks, as the broker has them now
   */
  default void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {}
}
