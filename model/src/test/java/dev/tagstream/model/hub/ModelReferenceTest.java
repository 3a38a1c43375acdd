package dev.tagstream.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @Test
  void aNameMayHaveARevision() {
    assertThat(ModelReference.parse("openai/clip-vit-base-patch32"))
        .isEqualTo(new ModelReference("openai", "clip-vit-base-patch32", Optional.empty()));
    assertThat(ModelReference.parse("laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K@refs/pr/3"))
        .isEqualTo(
            new ModelReference(
                "laion", "CLIP-ViT-B-32-DataComp.XL-s13B-b90K", Optional.of("refs/pr/3")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "starter",
        "a/b/c",
        "../b",
        "a/..",
        "a/b@../c",
        "a/b@",
        "/a/b",
        "a--b/c",
        "a/b c",
        "a/b?x",
        ""
      })
  void whatCouldLeaveItsFolderOrItsAddressIsNoName(String text) {
    assertThat(ModelReference.hasForm(text)).isFalse();
    assertThatThrownBy(() -> ModelReference.parse(text))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("OWNER/NAME");
  }

  @Test
  void aTokenDoesNotCrossANetworkInTheClear() {
    assertThatThrownBy(() -> HubOptions.of("http://127.evil.example", Optional.of("hf_secret")))
        .hasMessageContaining("in the clear");
    assertThatThrownBy(() -> HubOptions.of("http://mirror.internal", Optional.of("hf_secret")))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("in the clear")
        .hasMessageNotContaining("hf_secret");
    assertThat(HubOptions.of("https://mirror.internal/hub/", Optional.of("hf_secret")))
        .hasToString("HubOptions[base=https://mirror.internal/hub, token=set]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "huggingface.co",
        "ftp://hub",
        "https://u:p@hub",
        "https://hub?x=1",
        "https://hub:99999",
        "x y"
      })
  void whatIsNoAddressOfAHubIsRefused(String base) {
    assertThatThrownBy(() -> HubOptions.of(base, Optional.empty()))
        .isInstanceOf(HubException.class);
  }
}
