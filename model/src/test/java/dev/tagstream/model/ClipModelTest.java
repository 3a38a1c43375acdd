package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.DeviceUnavailableException;
import dev.tagstream.model.runtime.RunDevice;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipModelTest {
  private static final ModelOptions ON_CPU = ModelOptions.defaults().on(new DeviceChoice.Cpu());

  @TempDir private static Path folder;
  private static ClipModel model;

  @BeforeAll
  static void load() throws Exception {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 7);
    model = ClipModel.load(folder, ON_CPU);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void embeddingsHaveLengthOne() {
    float[] image = model.embedPixels(randomPixels(1, 3), 1)[0];
    float[] text = model.embedTexts(List.of("a photo of a cat"))[0];

    assertThat(image).hasSize(model.checkpoint().dimension());
    assertThat(dot(image, image)).isCloseTo(1, within(1e-5));
    assertThat(dot(text, text)).isCloseTo(1, within(1e-5));
  }

  @Test
  void anImageHasTheSameEmbeddingAloneAndInABatch() {
    ByteBuffer pixels = randomPixels(3, 11);
    float[][] together = model.embedPixels(pixels, 3);

    ByteBuffer last = ByteBuffer.allocateDirect(imageBytes());
    last.put(pixels.slice(2 * imageBytes(), imageBytes()));

    assertThat(cosine(model.embedPixels(last, 1)[0], together[2])).isGreaterThan(0.999999);
    assertThat(cosine(together[0], together[2])).isLessThan(0.999);
  }

  @Test
  void aPromptHasTheSameEmbeddingAloneAndBesideALongerOne() {
    List<String> prompts = List.of("cat", "a photo of a very small dog", "x".repeat(500));
    float[][] together = model.embedTexts(prompts);

    for (int i = 0; i < prompts.size(); i++) {
      float[] alone = model.embedTexts(List.of(prompts.get(i)))[0];
      assertThat(cosine(alone, together[i])).isGreaterThan(0.999999);
    }
    assertThat(cosine(together[0], together[1])).isLessThan(0.999);
  }

  @Test
  void moreTextsThanOneBatchKeepTheirOrder() {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      prompts.add("x".repeat(70 - i) + i);
    }
    float[][] together = model.embedTexts(prompts);

    assertThat(cosine(together[69], model.embedTexts(List.of(prompts.get(69)))[0]))
        .isGreaterThan(0.999999);
    assertThat(cosine(together[3], model.embedTexts(List.of(prompts.get(3)))[0]))
        .isGreaterThan(0.999999);
  }

  @Test
  void noTextsGiveNoEmbeddings() {
    assertThat(model.embedTexts(List.of())).isEmpty();
  }

  @Test
  void threadsThatCallAtTheSameTimeEachGetTheirOwnResult() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<float[][]>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int seed = i % threads;
        results.add(pool.submit(() -> model.embedPixels(randomPixels(2, seed), 2)));
      }
      for (int i = 0; i < results.size(); i++) {
        float[][] expected = model.embedPixels(randomPixels(2, i % threads), 2);
        assertThat(Arrays.deepEquals(results.get(i).get(), expected)).isTrue();
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aPictureFileHasTheEmbeddingOfItsPreparedPixels() throws Exception {
    byte[] png = png(100, 80);
    ByteBuffer pixels =
        ByteBuffer.allocateDirect(imageBytes()).put(model.preprocessor().prepare(png).pixels());

    assertThat(model.embedImage(png)).isEqualTo(model.embedPixels(pixels, 1)[0]);
  }

  @Test
  void bytesThatAreNoPictureAreRejected() {
    assertThatExceptionOfType(ImageRejectedException.class)
        .isThrownBy(() -> model.embedImage(new byte[] {1, 2, 3}));
  }

  @Test
  void aBufferTooSmallForItsImagesIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.embedPixels(randomPixels(1, 1), 2))
        .withMessageContaining("2 images")
        .withMessageContaining(Integer.toString(2 * imageBytes()));
  }

  @Test
  void aHeapBufferIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.embedPixels(ByteBuffer.allocate(imageBytes()), 1))
        .withMessageContaining("direct buffer");
  }

  @Test
  void aClosedModelSaysSo() {
    ClipModel closed = ClipModel.load(folder, ON_CPU);
    closed.close();
    closed.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> closed.embedPixels(randomPixels(1, 1), 1))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> closed.embedTexts(List.of("cat")));
  }

  @Test
  void closingWaitsForCallsThatRunAndRefusesThoseAfter() throws Exception {
    ClipModel closing = ClipModel.load(folder, ON_CPU.concurrency(1, 2));
    ByteBuffer pixels = randomPixels(8, 1);
    float[] expected = closing.embedPixels(pixels, 8)[7];
    List<String> prompts = Collections.nCopies(200, "a photo of a cat");
    List<Runnable> calls =
        List.of(
            () -> assertThat(closing.embedPixels(pixels, 8)[7]).isEqualTo(expected),
            () -> assertThat(closing.embedPixels(pixels, 8)[7]).isEqualTo(expected),
            () -> assertThat(closing.embedTexts(prompts)).hasDimensions(200, expected.length),
            () -> closing.embedTexts(List.of("cat")));
    CountDownLatch allRunning = new CountDownLatch(calls.size());
    ExecutorService pool = Executors.newFixedThreadPool(calls.size());
    try {
      List<Future<?>> callers = new ArrayList<>();
      for (Runnable call : calls) {
        callers.add(pool.submit(() -> repeatUntilClosed(call, allRunning)));
      }
      allRunning.await();
      closing.close();
      for (Future<?> caller : callers) {
        caller.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static void repeatUntilClosed(Runnable call, CountDownLatch running) {
    call.run();
    running.countDown();
    assertThatIllegalStateException()
        .isThrownBy(
            () -> {
              while (true) {
                call.run();
              }
            })
        .withMessageContaining("closed");
  }

  @Test
  void autoFindsADeviceThatWorks() {
    try (ClipModel auto = ClipModel.load(folder, ModelOptions.defaults())) {
      assertThat(auto.device()).matches("cpu|cuda:0");
      assertThat(auto.embedTexts(List.of("cat"))[0]).hasSize(32);
    }
  }

  @Test
  void aCudaDeviceThatIsNotThereIsRefusedWithWhatToDo() {
    DeviceChoice missing = new DeviceChoice.Cuda(99);

    assertThatThrownBy(() -> RunDevice.resolve(missing))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContaining("cuda:99")
        .hasMessageMatching("(?s).*(-Pcuda|CUDA 12).*");
  }

  private static ByteBuffer randomPixels(int count, long seed) {
    byte[] bytes = new byte[count * imageBytes()];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes);
  }

  private static byte[] png(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, i * 997);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static int imageBytes() {
    int size = model.checkpoint().imageSize();
    return size * size * 3;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
