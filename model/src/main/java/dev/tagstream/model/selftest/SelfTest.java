package dev.tagstream.model.selftest;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Looks at a loaded model from outside. What every model must do is checked of every model; what
 * others published is compared where they published it.
 *
 * <p>The bars: cosine 0.99999 between two ways in 32 bits on a CPU; 0.99998 between that and 16
 * bits or another device; a published figure's own tolerance. By emulation, 16 bits cost up to
 * 0.000004. A wrong activation costs 0.00003 to 0.001, so a bar of 0.9999 would let it pass.
 */
public final class SelfTest {
  private static final double SAME_ARITHMETIC = 0.99999;
  private static final double OTHER_ARITHMETIC = 0.99998;
  private static final double LENGTH_ERROR = 1e-3;
  private static final int TOP = 5;

  /** So many standard deviations above chance that it is none: one in a thousand. */
  private static final double ABOVE_CHANCE = 3.1;

  private final ClipModel model;
  private final ClipModel reference;
  private final float[][] images;
  private final float[][] texts;
  private final List<byte[]> pixels;
  private final List<String> prompts;

  /**
   * A picture and what it shows.
   *
   * @param word what a person would call it; no two pictures' words are the same
   * @param file a whole file in one of the usual formats
   */
  @SuppressWarnings("ArrayRecordComponent") // a file's content, compared by nobody
  public record Picture(String word, byte[] file) {}

  private SelfTest(ClipModel model, ClipModel reference, List<Picture> pictures)
      throws ImageRejectedException {
    this.model = model;
    this.reference = reference;
    this.pixels = new ArrayList<>();
    for (Picture picture : pictures) {
      pixels.add(model.preprocessor().prepare(picture.file()).pixels());
    }
    this.images = embed(model, pixels);
    this.prompts = pictures.stream().map(p -> "a picture of a " + p.word()).toList();
    this.texts = model.embedTexts(prompts);
  }

  /**
   * Checks what every model must do.
   *
   * @param reference the same checkpoint on the CPU in F32; the same object if the model runs so
   *     already
   * @throws ImageRejectedException if a picture cannot be decoded
   */
  public static List<Check> run(ClipModel model, ClipModel reference, List<Picture> pictures)
      throws ImageRejectedException {
    SelfTest test = new SelfTest(model, reference, pictures);
    return List.of(
        test.finiteAndOfLengthOne(),
        test.aloneAsInABatch(),
        test.asInTheReference(),
        test.ranking());
  }

  /**
   * Compares one published figure.
   *
   * @param reference on the CPU in F32: as exact as the figures
   */
  public static Check compare(ClipModel reference, Figure figure, byte[] picture) {
    String name = "figure of " + figure.source();
    float[] image;
    try {
      image = reference.embedImage(picture);
    } catch (ImageRejectedException e) {
      return new Check(name, Check.Outcome.FAILED, figure.picture().name() + ": " + e.getMessage());
    }
    float[][] prompts = reference.embedTexts(figure.prompts());
    double[] logits =
        Arrays.stream(prompts)
            .mapToDouble(prompt -> reference.checkpoint().logitScale() * Vectors.dot(image, prompt))
            .toArray();
    double[] found = figure.measured(logits);
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - figure.values().get(i)));
    }
    boolean met = worst <= figure.tolerance();
    return new Check(
        name,
        met
            ? Check.Outcome.PASSED
            : figure.secondHand() ? Check.Outcome.DOUBTFUL : Check.Outcome.FAILED,
        "%s for %s: %s, published %s, differ by at most %.2g of %.2g"
            .formatted(
                figure.measure().name().toLowerCase(Locale.ROOT),
                figure.picture().name(),
                rounded(found),
                figure.values(),
                worst,
                figure.tolerance()));
  }

  private Check finiteAndOfLengthOne() {
    double worst = Math.max(Vectors.worstLength(images), Vectors.worstLength(texts));
    return Check.of(
        "finite numbers, vectors of length one",
        worst <= LENGTH_ERROR,
        "%d images, %d texts: largest error of a length %.2g"
            .formatted(images.length, texts.length, worst));
  }

  private Check aloneAsInABatch() {
    float[][] alone = new float[images.length][];
    for (int i = 0; i < alone.length; i++) {
      alone[i] = embed(model, List.of(pixels.get(i)))[0];
    }
    double least = Vectors.leastCosine(alone, images);
    double bar = model == reference ? SAME_ARITHMETIC : OTHER_ARITHMETIC;
    return Check.of("an image alone as in a batch", least >= bar, cosine(least, bar));
  }

  private Check asInTheReference() {
    String name = "on the device as on the CPU in F32";
    if (model == reference) {
      return new Check(name, Check.Outcome.SKIPPED, "the model runs so");
    }
    double least =
        Math.min(
            Vectors.leastCosine(embed(reference, pixels), images),
            Vectors.leastCosine(reference.embedTexts(prompts), texts));
    return Check.of(
        name,
        least >= OTHER_ARITHMETIC,
        "%s in %s: %s".formatted(model.device(), model.compute(), cosine(least, OTHER_ARITHMETIC)));
  }

  /** How many pictures have their own word among the first five: far above chance, or doubtful. */
  private Check ranking() {
    int hits = 0;
    for (int i = 0; i < images.length; i++) {
      double own = Vectors.dot(images[i], texts[i]);
      int above = 0;
      for (float[] text : texts) {
        above += Vectors.dot(images[i], text) > own ? 1 : 0;
      }
      hits += above < TOP ? 1 : 0;
    }
    double chance = Math.min(1, TOP / (double) texts.length);
    double expected = images.length * chance;
    double needed = expected + ABOVE_CHANCE * Math.sqrt(expected * (1 - chance));
    return new Check(
        "bundled pictures ranked sensibly",
        hits >= needed ? Check.Outcome.PASSED : Check.Outcome.DOUBTFUL,
        "%d of %d have their word among the first %d; chance gives %.0f, %.0f are expected of a model that knows drawings"
            .formatted(hits, images.length, TOP, expected, Math.ceil(needed)));
  }

  private static float[][] embed(ClipModel model, List<byte[]> pixels) {
    ByteBuffer batch = ByteBuffer.allocateDirect(pixels.size() * pixels.get(0).length);
    pixels.forEach(batch::put);
    return model.embedPixels(batch, pixels.size());
  }

  private static String cosine(double least, double bar) {
    return "least cosine %.7f, at least %s".formatted(least, bar);
  }

  private static List<Double> rounded(double[] values) {
    return Arrays.stream(values).mapToObj(value -> Math.round(value * 1e6) / 1e6).toList();
  }
}
