package dev.tagstream.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptEndTest {

  @Test
  void theEmbeddingIsReadAtTheFirstEndToken() {
    assertThat(PromptEnd.of(new long[] {90, 5, 91, 91}, 91)).isEqualTo(2);
    assertThat(PromptEnd.of(new long[] {90, 99, 91}, 91)).isEqualTo(2);
  }

  @Test
  void configurationsWithTheOldEndTokenReadItAtTheFirstOfTheHighestIds() {
    assertThat(PromptEnd.of(new long[] {90, 5, 2, 91, 91}, 2)).isEqualTo(3);
  }

  @Test
  void aPromptWithoutAnEndTokenIsReadAtItsStart() {
    assertThat(PromptEnd.of(new long[] {90, 5}, 91)).isZero();
  }
}
