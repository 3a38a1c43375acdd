package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.checkpoint.CheckpointShape;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongCommandLineTest {

  /** What the child runs: loads the checkpoint and ends well. */
  static final class Loading {
    public static void main(String[] arguments) {
      ClipModel.load(Path.of(arguments[0]), ModelOptions.defaults()).close();
    }
  }

  @Test
  void aModelLoadsInAProcessWithALongCommandLine(@TempDir Path folder) throws Exception {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
    ProcessBuilder child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Loading.class.getName(),
                folder.toString(),
                "x".repeat(20_000))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());

    Process process = child.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
