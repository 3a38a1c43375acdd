package dev.tagstream.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hostile files: every mutant of a valid file is either prepared or refused, never anything else. A
 * crash of native code would end the test's JVM.
 *
 * <p>More of them, from another seed: {@code -Dmutants=20000 -Dmutants.seed=2}.
 */
class MutatedImageTest {

  private static final int MUTANTS_PER_FORMAT = Integer.getInteger("mutants", 250);
  private static final long SEED = Long.getLong("mutants.seed", 1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final ImagePreprocessor preprocessor =
      new ImagePreprocessor(PixelSpec.clip(64), new ImageLimits(1 << 20, 4_000_000, 1000), true);

  @Test
  @Timeout(7200)
  void aDamagedFileIsPreparedOrRefusedWithinSecondsOfProcessorTimeAndNeverAnythingElse() {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    Map<ImageFormat, int[]> outcomes = new EnumMap<>(ImageFormat.class);
    for (ImageFormat format : ImageFormat.values()) {
      List<byte[]> originals =
          ImageFiles.names().stream()
              .filter(name -> name.endsWith(extension(format)))
              .map(ImageFiles::read)
              .toList();
      Random random = new Random(SEED);
      int[] preparedAndRefused = new int[2];
      for (int i = 0; i < MUTANTS_PER_FORMAT; i++) {
        byte[] mutant = mutate(originals.get(random.nextInt(originals.size())), random);
        long start = thread.getCurrentThreadCpuTime();
        preparedAndRefused[isPrepared(mutant) ? 0 : 1]++;
        assertThat(Duration.ofNanos(thread.getCurrentThreadCpuTime() - start))
            .as("%s, mutant %d of seed %d", format, i, SEED)
            .isLessThan(LONGEST);
      }
      outcomes.put(format, preparedAndRefused);
    }
    outcomes.forEach(
        (format, counts) ->
            assertThat(counts).as("%s prepared and refused", format).doesNotContain(0));
  }

  private boolean isPrepared(byte[] mutant) {
    try {
      assertThat(preprocessor.prepare(mutant).pixels()).hasSize(64 * 64 * 3);
      return true;
    } catch (ImageRejectedException refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return false;
    }
  }

  /** Flips bits, overwrites bytes, cuts, doubles or blanks a stretch; more often near the start. */
  private static byte[] mutate(byte[] original, Random random) {
    byte[] mutant = original.clone();
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      int reach = random.nextBoolean() ? mutant.length : Math.min(mutant.length, 80);
      int at = random.nextInt(reach);
      int length = Math.min(1 + random.nextInt(16), mutant.length - at);
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt(256);
        case 2 -> mutant[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 3 -> Arrays.fill(mutant, at, at + length, (byte) 0);
        case 4 ->
            System.arraycopy(
                mutant, random.nextInt(mutant.length - length + 1), mutant, at, length);
        default -> {
          if (random.nextInt(4) == 0 && mutant.length > 16) {
            mutant = Arrays.copyOf(mutant, 16 + random.nextInt(mutant.length - 16));
          } else {
            mutant[at]++;
          }
        }
      }
    }
    return mutant;
  }

  private static String extension(ImageFormat format) {
    return switch (format) {
      case JPEG -> ".jpg";
      case PNG -> ".png";
      case WEBP -> ".webp";
      case GIF -> ".gif";
      case BMP -> ".bmp";
      case TIFF -> ".tif";
    };
  }
}
