package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.demo.DemoPictures;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @Test
  void withExitItEndsOnceEveryPictureHasItsResultAndSaysSoLast(@TempDir Path folder) {
    Path model = folder.resolve("model");
    CliRun.of("model", "random", "--like", "tiny", model.toString());
    int pictures = DemoPictures.all().size();

    CliRun run = CliRun.of("demo", "--exit", "--model", model.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(lines.size() - 1))
        .matches("tagged %1$d of %1$d images, 0 rejected, \\d+\\.\\d img/s".formatted(pictures));
    assertThat(lines).filteredOn(line -> line.endsWith(" ms)")).hasSize(pictures);
    assertThat(lines).filteredOn(line -> line.startsWith("castle.jpg")).hasSize(1);
  }

  @Test
  void aPortInUseIsOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CliRun broker = CliRun.of("demo", "--exit", "--port", "" + taken.getLocalPort());
      CliRun registry = CliRun.of("demo", "--exit", "--registry-port", "" + taken.getLocalPort());

      assertThat(broker.exitCode()).isEqualTo(1);
      assertThat(broker.err()).contains("Port " + taken.getLocalPort()).hasLineCount(1);
      assertThat(registry.exitCode()).isEqualTo(1);
      assertThat(registry.err()).contains("" + taken.getLocalPort()).hasLineCount(1);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsOneSentence() {
    CliRun run = CliRun.of("demo", "--exit", "--set", "model.device=cuda:99");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("cuda:99").hasLineCount(1);
  }

  @Test
  void aPortThatIsNoneIsWrongUse() {
    assertThat(CliRun.of("demo", "--port", "70000").exitCode()).isEqualTo(2);
  }
}
