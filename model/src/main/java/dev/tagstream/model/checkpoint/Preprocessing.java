package dev.tagstream.model.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@code preprocessor_config.json} asks to be done to an image.
 *
 * @param resize how the image is scaled
 * @param resample Pillow's code of the filter: 2 bilinear, 3 bicubic
 * @param size width and height of the square that reaches the model, cut from the centre
 * @param scale what a byte is multiplied with before the normalisation; 1 when it is not rescaled
 * @param mean subtracted from each of red, green and blue; zeros when it is not normalised
 * @param std what each is divided by after that; ones when it is not normalised
 */
public record Preprocessing(
    Resize resize, int resample, int size, double scale, List<Double> mean, List<Double> std) {

  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * Sixteen hexadecimal digits, the start of a SHA-256, that are equal for equal preprocessing and
   * stay the same across releases.
   */
  public String fingerprint() {
    String canonical =
        String.join(";", resize.toString(), "resample=" + resample, "size=" + size)
            + (";scale=" + scale + ";mean=" + mean + ";std=" + std);
    return CheckpointIdentity.sha256(canonical.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /** How an image is scaled before the crop. */
  public sealed interface Resize {
    /** The shorter side becomes {@code pixels}, the other keeps the proportion. */
    record ShortestEdge(int pixels) implements Resize {}

    /** Both sides become {@code pixels}, whatever the proportion. */
    record Square(int pixels) implements Resize {}
  }
}
