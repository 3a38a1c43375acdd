package dev.tagstream.model.image;

/**
 * Resampling filters, in the order of Pillow's {@code Image.Resampling} numbers, which is what
 * {@code resample} in a {@code preprocessor_config.json} holds.
 */
public enum ResampleFilter {
  NEAREST,
  LANCZOS,
  BILINEAR,
  BICUBIC,
  BOX,
  HAMMING;

  /**
   * The filter that Pillow numbers so.
   *
   * @param pillowNumber 0 to 5
   * @throws IllegalArgumentException for any other number
   */
  public static ResampleFilter ofPillow(int pillowNumber) {
    if (pillowNumber < 0 || pillowNumber >= values().length) {
      throw new IllegalArgumentException(
          "resample must be 0 (nearest), 1 (lanczos), 2 (bilinear), 3 (bicubic), 4 (box)"
              + " or 5 (hamming), not "
              + pillowNumber);
    }
    return values()[pillowNumber];
  }
}
