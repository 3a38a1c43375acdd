package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImagePreprocessorTest {

  private final ImagePreprocessor preprocessor =
      new ImagePreprocessor(PixelSpec.clip(64), ImageLimits.defaults(), true);

  @Test
  void thePictureIsReportedInTheSizeAPersonSees() throws ImageRejectedException {
    PreparedImage upright = preprocessor.prepare(ImageFiles.read("orientation-1.jpg"));
    PreparedImage turned = preprocessor.prepare(ImageFiles.read("orientation-6.jpg"));

    assertThat(upright.width()).isEqualTo(31);
    assertThat(upright.height()).isEqualTo(19);
    assertThat(turned.width()).isEqualTo(19);
    assertThat(turned.height()).isEqualTo(31);
  }

  @Test
  void theBytesGivenAreNotChanged() throws ImageRejectedException {
    for (String name : ImageFiles.names()) {
      byte[] file = ImageFiles.read(name);
      byte[] before = file.clone();

      preprocessor.prepare(file);

      assertThat(file).as(name).isEqualTo(before);
    }
  }

  @Test
  void manyThreadsGetWhatOneThreadGets() throws Exception {
    List<String> names = ImageFiles.names();
    List<String> alone = names.stream().map(this::hash).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<String>>> work =
          IntStream.range(0, 4)
              .mapToObj(i -> (Callable<List<String>>) () -> names.stream().map(this::hash).toList())
              .toList();

      for (Future<List<String>> together : threads.invokeAll(work)) {
        assertThat(together.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aDecodersOwnExceptionBecomesARefusalThatNamesTheFormatAndSize() {
    byte[] png = ImageFiles.read("type2-8bit.png");
    Arrays.fill(png, png.length / 2, png.length - 20, (byte) 0);

    ImageRejectedException refusal =
        catchThrowableOfType(ImageRejectedException.class, () -> preprocessor.prepare(png));

    assertThat(refusal.problem()).isEqualTo(ImageProblem.UNDECODABLE);
    assertThat(refusal)
        .hasMessageStartingWith("PNG of 21 x 17 pixels cannot be decoded: ")
        .hasCauseInstanceOf(Exception.class);
  }

  @Test
  void theFingerprintIsThatOfItsSpecAndOrientation() {
    assertThat(preprocessor.fingerprint()).isEqualTo(PixelSpec.clip(64).fingerprint(true));
  }

  private String hash(String name) {
    try {
      return ImageFiles.sha256(preprocessor.prepare(ImageFiles.read(name)).pixels());
    } catch (ImageRejectedException e) {
      throw new AssertionError(name, e);
    }
  }
}
