package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointIdentity;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.RunDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Measures what a checkpoint costs to load: time, and resident memory against the size of its
 * tensors in the format that is computed in. On Linux only, which tells a process's memory in
 * {@code /proc}.
 *
 * <pre>
 * ./tagstream model random --like vit-h-14 DIR
 * mvn -q -pl model test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/class-path
 * CP=model/target/test-classes:model/target/classes:$(cat /tmp/class-path)
 * MALLOC_MMAP_THRESHOLD_=1048576 java -Xmx256m -cp $CP dev.tagstream.model.LoadBenchmark DIR [f32|f16]  # as ./tagstream sets it
 * </pre>
 */
final class LoadBenchmark {
  private LoadBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    ComputeChoice compute = ComputeChoice.parse(arguments.length > 1 ? arguments[1] : "f32");
    WeightType format = compute.on(RunDevice.resolve(new DeviceChoice.Cpu())).weights();
    CheckpointFolder folder = timed("read the tables", () -> CheckpointFolder.open(path));
    timed(
        "look at every number",
        () -> {
          folder.weights().requireFinite(format);
          return true;
        });
    timed("hash", () -> CheckpointIdentity.sha256(folder.weights().files()));
    double tensors = (double) folder.weights().parameters() * format.bytes();
    System.out.printf(Locale.ROOT, "tensors as %s    %8.0f MiB%n", format, tensors / (1 << 20));
    memory("before loading", tensors);
    ModelOptions options = ModelOptions.defaults().on(new DeviceChoice.Cpu()).computing(compute);
    try (ClipModel model = timed("load", () -> ClipModel.load(path, options))) {
      memory("after loading", tensors);
      int size = model.checkpoint().imageSize();
      ByteBuffer pixels = ByteBuffer.allocateDirect(size * size * 3);
      timed("first image", () -> model.embedPixels(pixels, 1));
      timed("second image", () -> model.embedPixels(pixels, 1));
      timed("first text", () -> model.embedTexts(List.of("a photo of a cat")));
      memory("after running", tensors);
    }
  }

  private static <T> T timed(String what, Supplier<T> work) {
    long start = System.nanoTime();
    Duration before = processorTime();
    T result = work.get();
    System.out.printf(
        Locale.ROOT,
        "%-20s %8.3f s, %8.3f s of processor time%n",
        what,
        (System.nanoTime() - start) / 1e9,
        processorTime().minus(before).toNanos() / 1e9);
    return result;
  }

  /** A busy machine bends it less than the time on the wall. */
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static void memory(String when, double tensors) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
        long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
        System.out.printf(
            Locale.ROOT,
            "%-15s %-8s %6d MiB, %.2f of the tensors%n",
            when,
            line.substring(0, line.indexOf(':')),
            kilobytes >> 10,
            kilobytes * 1024 / tensors);
      }
    }
  }
}
