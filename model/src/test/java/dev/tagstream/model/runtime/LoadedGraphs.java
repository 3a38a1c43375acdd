package dev.tagstream.model.runtime;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.graph.ImageTowerGraph;
import dev.tagstream.model.graph.TextTowerGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures by how much loading the graphs of both towers on the CPU makes a process grow, against
 * the size of the tensors in the format that is computed in. On Linux only, which tells a process's
 * memory in {@code /proc}.
 *
 * <p>{@code F16} are the graphs that a GPU gets. On a CPU, ONNX Runtime computes a 16-bit product
 * between two operators that have no 16-bit kernel there, as the second one of each MLP is, in 32
 * bits. At {@code ALL_OPT}, the product's level, it converts the weights of these when it loads the
 * graph, and holds them in 32 bits; at {@code BASIC_OPT} at each run, and holds them in 16. A GPU
 * has all these kernels and no such conversion: {@code BASIC_OPT} is what is like it.
 *
 * <pre>
 * ./tagstream model random --like vit-l-14-336 DIR
 * mvn -q -pl model test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/class-path
 * export CLASSPATH=model/target/test-classes:model/target/classes:$(cat /tmp/class-path)
 * MALLOC_MMAP_THRESHOLD_=1048576 java -Xmx256m dev.tagstream.model.runtime.LoadedGraphs DIR F16 BASIC_OPT  # or F32, ALL_OPT
 * </pre>
 */
final class LoadedGraphs {
  private LoadedGraphs() {}

  public static void main(String[] arguments) throws Exception {
    CheckpointFolder folder = CheckpointFolder.open(Path.of(arguments[0]));
    ComputeType compute = ComputeType.valueOf(arguments[1]);
    OptLevel level = OptLevel.valueOf(arguments[2]);
    List<byte[]> graphs = List.of(image(folder, compute), text(folder, compute));
    double tensors = (double) folder.weights().parameters() * compute.weights().bytes();
    environment();
    long before = residentBytes();
    try (SessionOptions first = options(folder, level);
        SessionOptions second = options(folder, level);
        OrtSession image = session(graphs.get(0), first);
        OrtSession text = session(graphs.get(1), second)) {
      long after = residentBytes();
      System.out.printf(
          Locale.ROOT,
          "%d graphs loaded, the process takes %d MiB, %.2f of the tensors; it has grown by%n%.3f%n",
          List.of(image, text).size(),
          after >> 20,
          after / tensors,
          (after - before) / tensors);
    }
  }

  static byte[] image(CheckpointFolder folder, ComputeType compute) {
    return ImageTowerGraph.build(folder.config(), folder.pixels(), folder.weights(), compute);
  }

  static byte[] text(CheckpointFolder folder, ComputeType compute) {
    return TextTowerGraph.build(folder.config(), folder.weights(), compute);
  }

  /** The product's own options, at another level of optimisation. */
  static SessionOptions options(CheckpointFolder folder, OptLevel level) throws OrtException {
    environment();
    SessionOptions options = new SessionOptions();
    OnnxModel.configure(options, folder.weights().folder(), new OnnxModel.Concurrency(1, 1));
    options.setOptimizationLevel(level);
    return options;
  }

  static OrtSession session(byte[] graph, SessionOptions options) throws OrtException {
    return environment().createSession(graph, options);
  }

  /** DJL has to be the first to make the one environment of a process, or else cannot start. */
  private static OrtEnvironment environment() {
    DjlSettings.apply();
    Engine.getEngine("OnnxRuntime");
    return OrtEnvironment.getEnvironment();
  }

  private static long residentBytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        << 10;
  }
}
