package dev.tagstream.topology.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What all tasks of one application have in flight. Stream threads keep it; any thread may ask, and
 * sees each number as it was a moment ago.
 */
public final class InFlight {

  private final Set<PendingQueue> queues = ConcurrentHashMap.newKeySet();

  void opened(PendingQueue queue) {
    queues.add(queue);
  }

  void closed(PendingQueue queue) {
    queues.remove(queue);
  }

  /** Records started and not yet forwarded. */
  public long records() {
    return queues.stream().mapToLong(PendingQueue::size).sum();
  }

  /** Bytes of those records: the event until its results exist, then the results. */
  public long bytes() {
    return queues.stream().mapToLong(PendingQueue::sizeInBytes).sum();
  }

  /**
   * By how many records the offset last committed is behind the one up to which records were taken
   * up, for each partition that any were taken up from since it was assigned.
   */
  public Map<TopicPartition, Long> commitLag() {
    Map<TopicPartition, Long> lag = new HashMap<>();
    queues.forEach(queue -> lag.putAll(queue.commitLag()));
    return lag;
  }
}
