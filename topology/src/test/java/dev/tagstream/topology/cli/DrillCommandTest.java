package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of the kill drill on the real application; its control is
 * UnloweredApplicationTest.
 */
class DrillCommandTest {

  @Test
  void theApplicationLosesDuplicatesAndReordersNothingWhenItsInstancesAreKilled(@TempDir Path logs)
      throws Exception {
    CliRun run =
        CliRun.of(
            "drill",
            "kill",
            "--events",
            "300",
            "--kills",
            "2",
            "--logs",
            logs.toString(),
            "--json");

    System.out.println(run.err());
    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    List<String> lines = run.out().lines().toList();
    JsonNode report = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly("events", "kills", "lost", "duplicated", "reordered");
    assertThat(report.get("events").asInt()).isEqualTo(300);
    assertThat(report.get("kills").asInt()).isEqualTo(2);
    assertThat(report.get("lost").asInt()).isZero();
    assertThat(report.get("duplicated").asInt()).isZero();
    assertThat(report.get("reordered").asInt()).isZero();
  }

  @Test
  void moreKillsThanEventsIsWrongUse() {
    assertThat(CliRun.of("drill", "kill", "--events", "2", "--kills", "2").exitCode()).isEqualTo(2);
  }
}
