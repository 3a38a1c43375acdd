package dev.tagstream.topology.commit;

import org.apache.kafka.streams.StreamsConfig;

/** What a consumer of the results is promised under crashes. */
public enum ProcessingGuarantee {
  /**
   * Results and committed offsets in one transaction: {@code read_committed} readers see each once.
   */
  EXACTLY_ONCE(StreamsConfig.EXACTLY_ONCE_V2),
  /** Every result, and some again after a crash. */
  AT_LEAST_ONCE(StreamsConfig.AT_LEAST_ONCE);

  private final String streamsValue;

  ProcessingGuarantee(String streamsValue) {
    this.streamsValue = streamsValue;
  }

  /** The value of Streams' own {@code processing.guarantee}. */
  public String streamsValue() {
    return streamsValue;
  }
}
