package dev.tagstream.model.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplatesTest {
  @TempDir Path folder;

  @Test
  void theEightyHoldTheSevenAndEachHasASlot() {
    assertThat(PromptTemplates.CLIP_80.templates())
        .hasSize(80)
        .doesNotHaveDuplicates()
        .containsAll(PromptTemplates.CLIP_7.templates())
        .allMatch(template -> template.contains("{}"));
    assertThat(PromptTemplates.CLIP_7.templates()).hasSize(7);
    assertThat(PromptTemplates.NONE.templates()).isEmpty();
  }

  @Test
  void aFileHasATemplateALine() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.txt"), "# mine\n\na photo of a {}.\n{}!\n");

    assertThat(PromptTemplates.read(file).templates()).containsExactly("a photo of a {}.", "{}!");
  }

  @Test
  void aTemplateWithoutASlotIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.txt"), "a photo\n");

    assertThatThrownBy(() -> PromptTemplates.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a photo")
        .hasMessageContaining("{}");
  }
}
