package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long MIB = 1L << 20;

  private final TagstreamConfig config =
      ConfigLoader.defaults(
          Map.of(
              "limits.maxEventBytes", "2MiB",
              "limits.bufferedRecords", "4",
              "limits.pendingBytes", "12MiB",
              "limits.maxImageBytes", "3MiB",
              "limits.maxPixels", "1048576",
              "limits.producerBufferBytes", "32MiB",
              "application.threads", "2",
              "batch.decodeWorkers", "5",
              "batch.maxSize", "32",
              "batch.inFlight", "2"));

  @Test
  void theSumIsTheFormulaOfTheDocumentation() {
    MemoryBudget budget = MemoryBudget.of(config, 6, 32, 224);

    long fetch = 6 * 2 * MIB;
    long queues = 6 * 5 * 2 * MIB;
    long pending = 6 * 12 * MIB;
    long decoding = 5 * (3 * MIB + 7 * MIB);
    long producers = 2 * 32 * MIB;
    assertThat(budget.heapBytes())
        .isEqualTo(fetch + queues + pending + decoding + producers + 96 * MIB);
    assertThat(budget.batchBytes()).isEqualTo(3L * 32 * 224 * 224 * 3);
  }

  @Test
  void eachDeviceHasBatchBuffersOfItsOwn() {
    String size = "batch.maxSize";
    long one = batchBytes(Map.of(size, "32", "model.device", "cuda:0"));

    assertThat(batchBytes(Map.of(size, "32", "model.device", "cuda:0,cuda:1,cuda:2")))
        .isEqualTo(3 * one);
  }

  private static long batchBytes(Map<String, String> settings) {
    return MemoryBudget.of(ConfigLoader.defaults(settings), 6, 32, 224).batchBytes();
  }

  @Test
  void limitsThatDoNotFitAreRefusedWithTheNumbersAndWhatToLower() {
    MemoryBudget budget = MemoryBudget.of(config, 64, 32, 224);

    assertThatThrownBy(() -> budget.requireWithin(512 * MIB))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pending work 768 MiB")
        .hasMessageContaining("the heap is 512 MiB")
        .hasMessageContaining("lower limits.pendingBytes")
        .hasMessageContaining("-Xmx");
  }

  @Test
  void limitsThatFitExactlyAreAccepted() {
    MemoryBudget budget = MemoryBudget.of(config, 6, 32, 224);

    assertThatCode(() -> budget.requireWithin(budget.heapBytes())).doesNotThrowAnyException();
    assertThatThrownBy(() -> budget.requireWithin(budget.heapBytes() - 1))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void theDefaultsFitTheHeapOfAFourGibibyteMachineWithTwoCores() {
    TagstreamConfig defaults = ConfigLoader.defaults(Map.of("batch.decodeWorkers", "2"));

    MemoryBudget budget = MemoryBudget.of(defaults, defaults.topics().partitions(), 32, 224);

    assertThat(budget.heapBytes()).isLessThanOrEqualTo(1024 * MIB);
  }

  @Test
  void anAbsurdProductSaturatesInsteadOfWrappingAround() {
    TagstreamConfig huge =
        ConfigLoader.defaults(
            Map.of("limits.pendingBytes", "64GiB", "limits.producerBufferBytes", "64GiB"));

    assertThat(MemoryBudget.of(huge, Integer.MAX_VALUE, 32, 224).heapBytes())
        .isEqualTo(Long.MAX_VALUE);
  }
}
