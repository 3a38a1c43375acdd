package dev.tagstream.topology.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * What must hold of the graph and its topics for the lagging commit. Pure functions; each answer is
 * a sentence.
 */
public final class TopologyPreconditions {

  private TopologyPreconditions() {}

  /**
   * Checks that nothing with an effect stands upstream of, or beside, the asynchronous processor in
   * its sub-topology: records read again after a crash would repeat an effect already committed.
   *
   * @param processor the name of the asynchronous processor
   */
  public static List<String> check(TopologyDescription topology, String processor) {
    for (Subtopology subtopology : topology.subtopologies()) {
      for (Node node : subtopology.nodes()) {
        if (node.name().equals(processor)) {
          return checkNeighbours(subtopology, processor);
        }
      }
    }
    return List.of("The topology has no processor named " + processor + ".");
  }

  private static List<String> checkNeighbours(Subtopology subtopology, String processor) {
    List<String> problems = new ArrayList<>();
    for (Node node : subtopology.nodes()) {
      if (node instanceof Processor p && !p.stores().isEmpty()) {
        problems.add(
            "%s keeps state (%s) beside the asynchronous processor; put repartition() between them."
                .formatted(p.name(), p.stores()));
      }
      if (node instanceof Processor p && !p.name().equals(processor)) {
        problems.add(
            "%s stands in the sub-topology of the asynchronous processor %s; put repartition() between them."
                .formatted(p.name(), processor));
      }
      if (node instanceof Source source && leadsElsewhere(source, processor)) {
        problems.add(
            "Source %s feeds more than the asynchronous processor %s; read its topic in a sub-topology of its own."
                .formatted(source.name(), processor));
      }
      if (node instanceof Sink sink && !comesFrom(sink, processor)) {
        problems.add(
            "Sink %s is not fed by the asynchronous processor %s alone; put repartition() between them."
                .formatted(sink.name(), processor));
      }
    }
    return problems;
  }

  private static boolean leadsElsewhere(Source source, String processor) {
    return source.successors().stream().anyMatch(next -> !next.name().equals(processor));
  }

  private static boolean comesFrom(Sink sink, String processor) {
    Set<Node> before = sink.predecessors();
    return before.size() == 1 && before.iterator().next().name().equals(processor);
  }

  /**
   * Checks that every output topic has the partitions of the input topic, since results go to the
   * partition number of their input.
   *
   * @param partitions number of partitions by topic, of the topics that exist
   */
  public static List<String> checkPartitions(
      String input, List<String> outputs, Map<String, Integer> partitions) {
    Integer expected = partitions.get(input);
    if (expected == null) {
      return List.of("Topic %s does not exist; create it first.".formatted(input));
    }
    List<String> problems = new ArrayList<>();
    for (String output : outputs) {
      Integer actual = partitions.get(output);
      if (actual == null) {
        problems.add(
            "Topic %s does not exist; create it with %d partitions, as %s has."
                .formatted(output, expected, input));
      } else if (!actual.equals(expected)) {
        problems.add(
            "Topic %s has %d partitions but its input %s has %d; results keep the partition number of their input, so make them equal."
                .formatted(output, actual, input, expected));
      }
    }
    return problems;
  }
}
