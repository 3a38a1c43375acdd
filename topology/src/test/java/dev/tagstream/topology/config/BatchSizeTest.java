package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  @Test
  void aBatchIsSmallOnACpuAndLargeOnAGpu() {
    Batch batch = ConfigLoader.defaults(Map.of()).batch();

    assertThat(batch.sizeOn("cpu")).isEqualTo(8);
    assertThat(batch.sizeOn("cuda:0")).isEqualTo(64);
  }

  @Test
  void aConfiguredBatchSizeHoldsOnEveryDevice() {
    Batch batch = ConfigLoader.defaults(Map.of("batch.maxSize", "5")).batch();

    assertThat(batch.sizeOn("cpu")).isEqualTo(5);
    assertThat(batch.sizeOn("cuda:0")).isEqualTo(5);
  }
}
