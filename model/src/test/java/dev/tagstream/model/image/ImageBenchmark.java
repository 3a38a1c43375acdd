package dev.tagstream.model.image;

import dev.tagstream.model.image.internal.DecodedImage;
import dev.tagstream.model.image.internal.HeaderReader;
import dev.tagstream.model.image.internal.ImageHeader;
import dev.tagstream.model.image.internal.Resampler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The processor time of decoding and of resampling on one thread, in milliseconds, median of the
 * rounds; a busy machine bends it less than the time on the wall. The same with Pillow is {@code
 * src/test/python/image_benchmark.py}, which also makes the files.
 *
 * <pre>
 * python model/src/test/python/image_benchmark.py /tmp/images
 * mvn -q -pl model test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/class-path
 * CP=model/target/test-classes:model/target/classes:$(cat /tmp/class-path)
 * java -cp $CP dev.tagstream.model.image.ImageBenchmark /tmp/images/*
 * </pre>
 */
public final class ImageBenchmark {

  private static final int ROUNDS = 21;

  private ImageBenchmark() {}

  public static void main(String[] args) throws IOException, ImageRejectedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    PixelSpec spec = PixelSpec.clip(224);
    System.out.printf(Locale.ROOT, "%-24s %10s %10s%n", "file", "decode ms", "resize ms");
    for (int warmUp = 1; warmUp >= 0; warmUp--) {
      for (String name : args) {
        byte[] file = Files.readAllBytes(Path.of(name));
        double[] decode = new double[ROUNDS];
        double[] resize = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
          long start = threads.getCurrentThreadCpuTime();
          ImageHeader header = HeaderReader.read(file, ImageLimits.defaults());
          try (DecodedImage image = header.decoder().decode()) {
            long decoded = threads.getCurrentThreadCpuTime();
            Resampler.apply(spec, image, header.orientation());
            resize[i] = (threads.getCurrentThreadCpuTime() - decoded) / 1e6;
            decode[i] = (decoded - start) / 1e6;
          }
        }
        if (warmUp == 0) {
          System.out.printf(
              Locale.ROOT,
              "%-24s %10.1f %10.1f%n",
              Path.of(name).getFileName(),
              median(decode),
              median(resize));
        }
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
