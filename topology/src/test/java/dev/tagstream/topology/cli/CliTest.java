package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CliTest {

  @Test
  void helpGoesToStandardOutputWithExamplesAndExitCodeZero() {
    CliRun run = CliRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Examples:", "config", "topics", "Exit codes");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void noCommandIsWrongUse() {
    CliRun run = CliRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: tagstream");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aMisspeltCommandIsWrongUseWithTheNearest() {
    CliRun run = CliRun.of("confg");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("confg").contains("tagstream config");
  }

  @Test
  void everyCommandExplainsItselfWithAnExample() {
    assertThat(Cli.commands(Terminal.system()).getSubcommands().entrySet())
        .filteredOn(entry -> !entry.getKey().matches("help|completion"))
        .isNotEmpty()
        .allSatisfy(
            entry -> {
              var usage = entry.getValue().getCommandSpec().usageMessage();
              assertThat(usage.description()).isNotEmpty();
              assertThat(String.join("\n", usage.footer())).contains("tagstream " + entry.getKey());
            });
  }

  @Test
  void completionPrintsAScriptForTheShell() {
    CliRun run = CliRun.of("completion");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("complete ").contains("tagstream");
  }

  @Test
  void aFailureIsOneSentenceAndDebugAddsWhere() {
    String[] unreachable = {
      "topics",
      "show",
      "--set",
      "kafka.bootstrap.servers=localhost:1",
      "--set",
      "kafka.default.api.timeout.ms=300",
      "--set",
      "kafka.request.timeout.ms=200"
    };
    CliRun run = CliRun.of(unreachable);
    String[] debug = Arrays.copyOf(unreachable, unreachable.length + 1);
    debug[unreachable.length] = "--debug";

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("kafka.bootstrap.servers").hasLineCount(1);
    assertThat(CliRun.of(debug).err()).contains("org.apache.kafka.common.errors.TimeoutException");
  }
}
