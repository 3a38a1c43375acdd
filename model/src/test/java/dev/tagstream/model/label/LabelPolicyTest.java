package dev.tagstream.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelPolicyTest {
  private static final String REFUSING =
      """
      kinds:
        - name: weapons
          action: refuse
          reason: not what this is for
          words: [machine gun]
          patterns: ['rocket\\s+launchers?']
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Angela Merkel",
        "a photo of President Lincoln",
        "Dr. Watson",
        "a wanted person",
        "SUSPECT",
        "ｓｕｓｐｅｃｔ",
        "the  identity\tof this woman"
      })
  void theShippedPolicyWarnsOfLabelsThatNameOrIdentifyPeople(String prompt) {
    assertThat(LabelPolicy.shipped().check(set(prompt)))
        .singleElement()
        .asString()
        .contains("label set 'people'", "'" + prompt + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a person",
        "a smiling woman",
        "golden retriever",
        "New York",
        "a suspected leak",
        "Queen bed",
        "paul bunyan",
        "the Li river"
      })
  void theShippedPolicyLeavesOthersAlone(String prompt) {
    assertThat(LabelPolicy.shipped().check(set(prompt))).isEmpty();
  }

  @Test
  void aRefusedKindNamesTheLabelTheKindAndTheReason() throws IOException {
    assertThatThrownBy(() -> LabelPolicyYaml.parse(REFUSING).check(set("cat", "a MACHINE gun")))
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContainingAll(
            "label set 'people'",
            "'a MACHINE gun'",
            "'weapons'",
            "not what this is for",
            "labels.policy");
  }

  @Test
  void patternsAndTemplatesCountToo() {
    LabelSet template =
        new LabelSet(
            "t",
            "1",
            List.of(Label.of("cat")),
            List.of("a {} with a rocket launcher"),
            Scoring.SOFTMAX,
            1);

    assertThatThrownBy(() -> LabelPolicyYaml.parse(REFUSING).check(template))
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContaining("rocket launcher");
  }

  @Test
  void withoutAPolicyAnyLabelGoes() {
    assertThat(LabelPolicy.NONE.check(set("Angela Merkel", "machine gun"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kinds: 3",
        "kinds: [{name: x, action: forbid, words: [a]}]",
        "kinds: [{name: x, action: warn}]",
        "kinds: [{action: warn, words: [a]}]",
        "kinds: [{name: x, action: warn, words: a}]",
        "kinds: [{name: x, action: warn, word: [a]}]",
        "kinds: [{name: x, action: warn, patterns: ['(']}]",
        "kinds: ["
      })
  void whatIsNoPolicyIsRefusedWithItsFile(String yaml, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), yaml);

    assertThatThrownBy(() -> LabelPolicy.read(file))
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContaining("policy.yaml");
  }

  private static LabelSet set(String... words) {
    return new LabelSet(
        "people", "1", Arrays.stream(words).map(Label::of).toList(), List.of(), Scoring.SOFTMAX, 1);
  }
}
