package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configured label policy, where labels are used without Kafka. */
class LabelPolicyOfCommandsTest {
  @TempDir Path folder;
  private Path picture = Path.of("");
  private Path labels = Path.of("");
  private Path policy = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    // Never opened: labels are judged first, and without a model nothing is tagged.
    Path dogs = Files.createDirectories(folder.resolve("dog"));
    picture = Files.createFile(dogs.resolve("a.jpg"));
    labels = Files.writeString(folder.resolve("labels.yaml"), "labels: [dog, suspect]\n");
    policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            "kinds: [{name: animals, action: refuse, reason: not ours, words: [dog]}]\n");
  }

  @Test
  void whatTheConfiguredPolicyRefusesIsNeitherTaggedNorEvaluated() {
    for (CliRun run : new CliRun[] {tag(policy.toString()), evaluate(policy.toString())}) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("the label 'dog'", "of the kind 'animals' (not ours)", "refuses it")
          .hasLineCount(1);
    }
  }

  @Test
  void theShippedPolicyOnlyWarnsOfLabelsThatIdentifyPeople() {
    for (CliRun run : new CliRun[] {tag("default"), evaluate("default")}) {
      assertThat(run.err()).contains("! label set", "'suspect'").doesNotContain("refuses it");
    }
  }

  @Test
  void withoutAPolicyNothingIsSaidOfLabels() {
    for (CliRun run : new CliRun[] {tag("none"), evaluate("none")}) {
      assertThat(run.err()).doesNotContain("suspect").contains("/no/such/model");
    }
  }

  private CliRun tag(String chosen) {
    return run(chosen, "tag", picture.toString(), "--labels", "dog,suspect");
  }

  private CliRun evaluate(String chosen) {
    return run(chosen, "evaluate", "--images", folder.toString(), "--labels", labels.toString());
  }

  private static CliRun run(String policy, String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--model";
    all[arguments.length + 1] = "/no/such/model";
    return CliRun.with(Map.of("TAGSTREAM_LABELS_POLICY", policy), all);
  }
}
