package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tagstream.model.image.PixelSpec.CropRounding;
import dev.tagstream.model.image.PixelSpec.LongestEdge;
import dev.tagstream.model.image.PixelSpec.Resize;
import dev.tagstream.model.image.PixelSpec.ShortestEdge;
import dev.tagstream.model.image.PixelSpec.Size;
import dev.tagstream.model.image.PixelSpec.ToSize;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PixelSpecTest {

  private static final Size SQUARE = new Size(224, 224);
  private static final List<Double> HALVES = List.of(0.5, 0.5, 0.5);

  @Test
  void theFingerprintStaysTheSameFromReleaseToRelease() {
    assertThat(PixelSpec.clip(224).fingerprint(true)).isEqualTo("529e2479afdb9107");
  }

  @Test
  void theFingerprintDiffersWithEverythingThatDecidesPixels() {
    Stream<PixelSpec> specs =
        Stream.of(
            PixelSpec.clip(224),
            PixelSpec.clip(336),
            openClip(new ShortestEdge(224)),
            openClip(new LongestEdge(224)),
            spec(new ShortestEdge(256), SQUARE, ResampleFilter.BICUBIC, 1 / 255.0),
            spec(new ToSize(SQUARE), SQUARE, ResampleFilter.BICUBIC, 1 / 255.0),
            spec(new ToSize(SQUARE), null, ResampleFilter.BICUBIC, 1 / 255.0),
            spec(null, SQUARE, ResampleFilter.BICUBIC, 1 / 255.0),
            spec(new ShortestEdge(224), SQUARE, ResampleFilter.BILINEAR, 1 / 255.0),
            spec(new ShortestEdge(224), SQUARE, ResampleFilter.BICUBIC, 1 / 127.5),
            new PixelSpec(
                new ShortestEdge(224),
                SQUARE,
                ResampleFilter.BICUBIC,
                1 / 255.0,
                HALVES,
                PixelSpec.CLIP_STD),
            new PixelSpec(
                new ShortestEdge(224),
                SQUARE,
                ResampleFilter.BICUBIC,
                1 / 255.0,
                PixelSpec.CLIP_MEAN,
                HALVES));

    Set<String> fingerprints =
        specs
            .flatMap(spec -> Stream.of(spec.fingerprint(true), spec.fingerprint(false)))
            .collect(Collectors.toSet());

    assertThat(fingerprints).hasSize(24).allMatch(print -> print.matches("[0-9a-f]{16}"));
  }

  @Test
  void aShortestEdgeWithoutACropIsRefusedForImagesWouldDifferInSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> spec(new ShortestEdge(224), null, ResampleFilter.BICUBIC, 1 / 255.0))
        .withMessageContaining("different sizes");
  }

  @Test
  void anUnknownResamplingNumberIsRefusedWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResampleFilter.ofPillow(6))
        .withMessageContaining("3 (bicubic)");
  }

  @Test
  void sidesMeansAndDeviationsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Size(0, 224));
    assertThatIllegalArgumentException().isThrownBy(() -> new ShortestEdge(5000));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PixelSpec(
                    null, SQUARE, ResampleFilter.BICUBIC, 1, List.of(0.5), PixelSpec.CLIP_STD))
        .withMessageContaining("R, G and B");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PixelSpec(
                    null,
                    SQUARE,
                    ResampleFilter.BICUBIC,
                    1,
                    PixelSpec.CLIP_MEAN,
                    List.of(0.5, 0.0, 0.5)))
        .withMessageContaining("positive");
  }

  private static PixelSpec openClip(Resize resize) {
    return new PixelSpec(
        resize,
        SQUARE,
        CropRounding.HALF_EVEN,
        ResampleFilter.BICUBIC,
        1 / 255.0,
        PixelSpec.CLIP_MEAN,
        PixelSpec.CLIP_STD);
  }

  private static PixelSpec spec(
      PixelSpec.@Nullable Resize resize,
      @Nullable Size crop,
      ResampleFilter filter,
      double rescaleFactor) {
    return new PixelSpec(
        resize, crop, filter, rescaleFactor, PixelSpec.CLIP_MEAN, PixelSpec.CLIP_STD);
  }
}
