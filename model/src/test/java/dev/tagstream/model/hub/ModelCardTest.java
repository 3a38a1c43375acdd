package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ModelCardTest {

  @Test
  void whatAUserHasToKnowIsReadFromTheUsualHeadings() {
    ModelCard card =
        ModelCard.parse(
            """
            ---
            license: mit
            tags: [vision]
            ---
            # Model Card: A CLIP

            ## Model Use
            ### Intended Use
            For **research** by [AI researchers](https://example.org/who).

            #### Primary intended uses
            The primary intended users are researchers.

            ### Out-of-Scope Use Cases
            Any deployed use case, *surveillance* and facial recognition.

            ## Data
            Public image-caption data.
            ### Data Mission Statement
            Ours.
            """);

    assertThat(card.licence()).contains("mit");
    assertThat(card.intendedUse()).contains("The primary intended users are researchers.");
    assertThat(card.outOfScopeUse())
        .contains("Any deployed use case, surveillance and facial recognition.");
    assertThat(card.trainingData()).contains("Public image-caption data.");
  }

  @Test
  void aHeadingWithoutTextOfItsOwnHasThatOfItsSubheadings() {
    ModelCard card =
        ModelCard.parse(
            "# Uses\n\n## Limits\nNothing live.\n\n# Training Details\n## Training Data\nLAION.");

    assertThat(card.intendedUse()).contains("Nothing live.");
    assertThat(card.trainingData()).contains("LAION.");
  }

  @Test
  void aNamedLicenceGoesBeforeItsKind() {
    assertThat(ModelCard.parse("---\nlicense: other\nlicense_name: Our Licence\n---\n").licence())
        .contains("Our Licence");
  }

  @Test
  void namedDataSetsStandInForASectionOnData() {
    assertThat(ModelCard.parse("---\ndatasets: [a/b, c]\n---\n# X\n").trainingData())
        .contains("a/b, c");
  }

  @Test
  void escapeSequencesReversedWritingAndLineBreaksNeverReachATerminal() {
    ModelCard card =
        ModelCard.parse(
            "---\nlicense: \"mit\\u001b[2J\\u202egnissim\"\n---\n## Uses\n\u001b]0;owned\u0007one\u2028two\n\nthree\u0000");

    assertThat(card.licence()).contains("mit[2Jgnissim");
    assertThat(card.intendedUse()).contains("]0;ownedone two three");
  }

  @Test
  void aLongSectionIsCutAtAWord() {
    String text =
        ModelCard.parse("## Uses\n" + "many words ".repeat(10_000)).intendedUse().orElse("");

    assertThat(text.length()).isLessThanOrEqualTo(1_000);
    assertThat(text).endsWith(" …");
  }

  @Test
  @Timeout(60)
  void aHeadingMadeToKeepItsReaderSearchingIsRead() {
    String trap = "# Uses" + " ".repeat(100_000) + "#".repeat(100_000) + " x\n\ny";

    assertThat(ModelCard.parse(trap + "\n## Data\nPublic.").trainingData()).contains("Public.");
  }

  @Test
  void aCardThatIsNoYamlOrNoCardSaysNothing() {
    assertThat(ModelCard.parse("---\n: [}\n---\nno headings")).isEqualTo(ModelCard.NONE);
    assertThat(ModelCard.parse("")).isEqualTo(ModelCard.NONE);
    assertThat(ModelCard.parse("---\n" + "[".repeat(50_000) + "\n---\n")).isEqualTo(ModelCard.NONE);
    assertThat(ModelCard.parse("#".repeat(100_000))).isEqualTo(ModelCard.NONE);
  }
}
