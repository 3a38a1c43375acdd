package dev.tagstream.topology.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The most memory the limits allow, whatever arrives. The sum of
 *
 * <ul>
 *   <li>fetch buffers: partitions × maxEventBytes (the consumer holds one fetch per partition, each
 *       of at most maxEventBytes),
 *   <li>record queues: partitions × (bufferedRecords + 1) × maxEventBytes (a partition is paused
 *       once more than bufferedRecords wait; one more fetch may have arrived by then),
 *   <li>pending work: partitions × pendingBytes,
 *   <li>decoding: decodeWorkers × (maxImageBytes + maxPixels × {@value #DECODE_BYTES_PER_PIXEL}),
 *   <li>producers: threads × producerBufferBytes,
 *   <li>a base of {@value #BASE_MIB} MiB for the program and the Kafka clients
 * </ul>
 *
 * on the heap, and outside of it the batch buffers: devices × (inFlight + 1) × maxSize × side² × 3.
 *
 * <p>All partitions are counted, since one instance may have to work on all of them when the others
 * are gone.
 *
 * @param parts of the heap
 * @param batchBytes direct memory of the batch buffers
 */
public record MemoryBudget(List<Part> parts, long batchBytes) {
  /** A decoded raster of up to four bytes a pixel, and its RGB copy. */
  static final int DECODE_BYTES_PER_PIXEL = 7;

  static final int BASE_MIB = 96;

  /**
   * One summand.
   *
   * @param name for people
   * @param bytes at most
   * @param key the setting that lowers it
   */
  public record Part(String name, long bytes, String key) {}

  public MemoryBudget {
    parts = List.copyOf(parts);
  }

  /**
   * Adds up what the configuration allows.
   *
   * @param partitions of the events topic, as it is
   * @param batchSize images in a full batch: {@link Batch#sizeOn}
   * @param imageSide pixels of a side of the model's input
   */
  public static MemoryBudget of(
      TagstreamConfig config, int partitions, int batchSize, int imageSide) {
    TagstreamConfig.Limits limits = config.limits();
    Batch batch = config.batch();
    long event = limits.maxEventBytes();
    return new MemoryBudget(
        List.of(
            new Part("fetch buffers", product(partitions, event), "limits.maxEventBytes"),
            new Part(
                "record queues",
                product(partitions, limits.bufferedRecords() + 1L, event),
                "limits.bufferedRecords"),
            new Part(
                "pending work", product(partitions, limits.pendingBytes()), "limits.pendingBytes"),
            new Part(
                "decoding",
                product(
                    batch.decodeWorkers(),
                    limits.maxImageBytes() + limits.maxPixels() * DECODE_BYTES_PER_PIXEL),
                "limits.maxPixels or batch.decodeWorkers"),
            new Part(
                "producers",
                product(config.application().threads(), limits.producerBufferBytes()),
                "limits.producerBufferBytes"),
            new Part("base", (long) BASE_MIB << 20, "")),
        product(
            config.model().devices().size(),
            batch.inFlight() + 1L,
            batchSize,
            (long) imageSide * imageSide * 3));
  }

  /** The most heap that can be in use. */
  public long heapBytes() {
    return parts.stream().mapToLong(Part::bytes).reduce(0, MemoryBudget::sum);
  }

  /** The sum in words, for messages and documents. */
  public String describe() {
    return parts.stream()
        .map(part -> part.name() + " " + ByteSize.mebibytes(part.bytes()))
        .collect(
            Collectors.joining(
                " + ",
                "",
                " = "
                    + ByteSize.mebibytes(heapBytes())
                    + " of heap, and "
                    + ByteSize.mebibytes(batchBytes)
                    + " of direct memory for batches"));
  }

  /**
   * Refuses limits that do not fit.
   *
   * @param maxHeapBytes usually {@code Runtime.getRuntime().maxMemory()}
   * @throws ConfigException naming the numbers and the setting that helps most
   */
  public void requireWithin(long maxHeapBytes) {
    if (heapBytes() <= maxHeapBytes) {
      return;
    }
    Part largest =
        parts.stream()
            .filter(part -> !part.key().isEmpty())
            .max(Comparator.comparingLong(Part::bytes))
            .orElseThrow();
    throw new ConfigException(
        List.of(
            new ConfigProblem(
                largest.key(),
                null,
                "memory",
                "the limits allow "
                    + describe()
                    + ", but the heap is "
                    + ByteSize.mebibytes(maxHeapBytes)
                    + ": lower "
                    + largest.key()
                    + ", or give more heap, for example with TAGSTREAM_JAVA_OPTS=-Xmx"
                    + (heapBytes() / (1L << 20) + 1)
                    + "m")));
  }

  private static long product(long... factors) {
    long result = 1;
    for (long factor : factors) {
      // A product beyond a long is more memory than any machine has: saturate.
      result = Math.multiplyHigh(result, factor) != 0 ? Long.MAX_VALUE : result * factor;
      if (result < 0) {
        return Long.MAX_VALUE;
      }
    }
    return result;
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
