package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  @Test
  void aModelThatIsNotThereIsToldBeforeABrokerIsStartedForIt(@TempDir Path folder) {
    CliRun run = CliRun.of("bench", "--model", folder.resolve("nowhere").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("nowhere").doesNotContain("loading the model");
  }
}
