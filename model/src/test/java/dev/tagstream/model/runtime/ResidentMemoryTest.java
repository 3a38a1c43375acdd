package dev.tagstream.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.checkpoint.Activation;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.graph.ComputeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What loading F32 weights, as most checkpoints have them, adds to a process's memory. Each load
 * has a process of its own, since none gives back all that it took.
 */
@EnabledOnOs(OS.LINUX)
class ResidentMemoryTest {
  /** Of the tensors in the format that is computed in. */
  private static final double MOST = 1.2;

  @TempDir private static Path folder;

  /**
   * Half of B/32's layers, and few tokens: what does not grow with the weights is small against
   * them, and so is the table of tokens, which in F32 stays in the file until it is needed.
   */
  @BeforeAll
  static void write() throws Exception {
    ClipConfig config = new ClipConfig(tower(768, 12), 224, 32, tower(512, 8), 514, 77, 513, 512);
    RandomCheckpoint.write(folder, new CheckpointShape(config, WeightType.F32), 1);
  }

  @Test
  void computedIn32BitsTheWeightsAreHeldOnce() throws Exception {
    assertThat(growth(ComputeType.F32, OptLevel.ALL_OPT)).isBetween(0.9, MOST);
  }

  @Test
  void computedIn16BitsTheWeightsAreHeldOnceAndIn16Bits() throws Exception {
    assertThat(growth(ComputeType.F16, OptLevel.BASIC_OPT)).isBetween(0.9, MOST);
  }

  /** The control: what the runtime does for a CPU alone holds a part of the weights in 32 bits. */
  @Test
  void weightsHeldIn32BitsAreSeen() throws Exception {
    assertThat(growth(ComputeType.F16, OptLevel.ALL_OPT)).isGreaterThan(MOST);
  }

  private static double growth(ComputeType compute, OptLevel level) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                LoadedGraphs.class.getName(),
                folder.toString(),
                compute.name(),
                level.name())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // Not on the command line, whose length ONNX Runtime's stack has to bear as it loads.
    child
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    child.environment().put("MALLOC_MMAP_THRESHOLD_", Integer.toString(1 << 20));
    Process process = child.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    List<String> lines = Files.readAllLines(output);
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return Double.parseDouble(lines.get(lines.size() - 1));
  }

  private static TowerConfig tower(int width, int heads) {
    return new TowerConfig(width, 6, heads, 4 * width, Activation.QUICK_GELU, 1e-5f);
  }
}
