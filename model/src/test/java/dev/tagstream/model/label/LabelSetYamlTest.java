package dev.tagstream.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSetYamlTest {

  @Test
  void everyFieldIsReadAsWritten() {
    LabelSet set =
        LabelSetYaml.parse(
            """
            name: pets
            version: "7"
            scoring: independent
            topK: 3
            templates: ["a photo of a {}", "a {}"]
            labels:
              - {id: cat, name: Cat, prompts: [cat, kitten], threshold: 0.25}
            """);

    assertThat(set)
        .isEqualTo(
            new LabelSet(
                "pets",
                "7",
                List.of(new Label("cat", "Cat", List.of("cat", "kitten"), 0.25)),
                List.of("a photo of a {}", "a {}"),
                Scoring.INDEPENDENT,
                3));
  }

  @Test
  void aBareWordIsALabelWithItselfAsPrompt() {
    assertThat(LabelSetYaml.parse("labels: [dog]").labels()).containsExactly(Label.of("dog"));
  }

  @Test
  void aSetWithoutVersionIsVersionedByItsContent() {
    String one = LabelSetYaml.parse("labels: [dog]").version();

    assertThat(one).isEqualTo(LabelSetYaml.parse("labels: [dog]").version()).startsWith("sha256-");
    assertThat(one).isNotEqualTo(LabelSetYaml.parse("labels: [cat]").version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          labels: dog                                          | 'labels' must be a list
          labels: [dog, dog]                                   | 'dog' twice
          {labels: [dog], topk: 3}                             | unknown key 'topk'
          {labels: [dog], topK: 0}                             | topK 0
          {labels: [dog], scoring: max}                        | allowed are softmax and independent
          {labels: [dog], templates: [photo]}                  | no {} for the prompt
          {labels: [{name: dog, threshold: 2}]}                | threshold 2.0; allowed is 0 to 1
          {name: 'a b', labels: [dog]}                         | name 'a b' is not allowed
          {labels: [{id: dog, prompts: []}]}                   | 'dog' has no prompts
          dog                                                  | not a label set
          """)
  void whatIsNoLabelSetIsRefusedWithTheKeyAndWhatIsAllowed(String yaml, String message) {
    assertThatThrownBy(() -> LabelSetYaml.parse(yaml))
        .isInstanceOf(InvalidLabelSetException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> LabelSetYaml.read(Path.of("no-such.yaml")))
        .hasMessageContaining("no-such.yaml");
  }
}
