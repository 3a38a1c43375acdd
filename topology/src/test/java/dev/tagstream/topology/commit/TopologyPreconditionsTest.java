package dev.tagstream.topology.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.PendingLimits;
import dev.tagstream.topology.batch.StandInTopology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

final class TopologyPreconditionsTest {

  private final Topology topology =
      StandInTopology.of(
          record -> new CompletableFuture<>(), new PendingLimits(1, 1, Duration.ofSeconds(1)));

  @Test
  void aSourceTheProcessorAndItsSinksAreAllThereMayBe() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void aSinkBesideTheProcessorIsRefused() {
    topology.addSink("copy", "copies", "source");
    assertThat(problems())
        .anyMatch(problem -> problem.startsWith("Sink copy is not fed by"))
        .anyMatch(problem -> problem.startsWith("Source source feeds more than"));
  }

  @Test
  void anotherProcessorInTheSubTopologyIsRefused() {
    topology.addProcessor("other", Forwarding::new, "source");
    assertThat(problems())
        .anyMatch(problem -> problem.startsWith("other stands in the sub-topology"));
  }

  @Test
  void aStoreInTheSubTopologyIsRefused() {
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore("seen"), Serdes.String(), Serdes.String()),
        "tag");
    assertThat(problems()).singleElement().asString().startsWith("tag keeps state ([seen])");
  }

  @Test
  void anotherSubTopologyMayDoAsItLikes() {
    topology.addSource("labels-source", "label-sets");
    topology.addProcessor("labels-processor", Forwarding::new, "labels-source");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aMissingProcessorIsSaid() {
    assertThat(TopologyPreconditions.check(topology.describe(), "missing"))
        .containsExactly("The topology has no processor named missing.");
  }

  @Test
  void outputsMustHaveTheInputsPartitions() {
    assertThat(
            TopologyPreconditions.checkPartitions(
                "in", List.of("same", "fewer", "missing"), Map.of("in", 6, "same", 6, "fewer", 3)))
        .hasSize(2)
        .anyMatch(
            problem -> problem.startsWith("Topic fewer has 3 partitions but its input in has 6"))
        .anyMatch(problem -> problem.startsWith("Topic missing does not exist; create it with 6"));
  }

  private List<String> problems() {
    return TopologyPreconditions.check(topology.describe(), "tag");
  }

  private static final class Forwarding
      extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      context().forward(record);
    }
  }
}
