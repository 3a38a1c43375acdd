package dev.tagstream.model.graph;

import static dev.tagstream.model.graph.OnnxGraph.attribute;

import dev.tagstream.model.checkpoint.StoredTensor;
import java.util.List;

/** The end of both towers: into the shared space, then to length one. */
final class Projection {
  private Projection() {}

  /** Adds the graph's output {@code [n, dimension]}. */
  static void add(OnnxGraph graph, String pooled, StoredTensor projection) {
    // The squares of one vector may add up to more than 16 bits hold.
    String projected = graph.toFloat(graph.linear(pooled, projection));
    String length =
        graph.node(
            "ReduceL2",
            List.of(projected),
            attribute("axes", List.of(1L)),
            attribute("keepdims", 1));
    String normalised = graph.node("Div", List.of(projected, length));
    graph.output(normalised, List.of("n", projection.shape().get(0)));
  }
}
