package dev.tagstream.model.image;

/**
 * What an image may cost, checked on its header before any decoder sees it.
 *
 * @param maxBytes most bytes of the encoded file
 * @param maxPixels most pixels, width times height as stored. While one image is decoded, each
 *     pixel of a JPEG, PNG or WebP takes 4 bytes off the heap (10 in a progressive JPEG), each
 *     pixel of a GIF, BMP or TIFF up to 7 bytes on it; deeper TIFF samples count as more pixels
 * @param maxFrames most frames of an animation or pages of a TIFF; only the first is ever decoded
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxFrames) {

  /**
   * No side may be longer than this, whatever the product of the two. JPEG and GIF end here too.
   */
  public static final int MAX_SIDE = 65_535;

  /** Four bytes each still fit one buffer. */
  private static final long MOST_PIXELS = 500_000_000;

  private static final ImageLimits DEFAULTS = new ImageLimits(32L << 20, 24_000_000, 10_000);

  public ImageLimits {
    requirePositive("maxBytes", maxBytes);
    requirePositive("maxPixels", maxPixels);
    requirePositive("maxFrames", maxFrames);
    if (maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "maxPixels may be at most " + MOST_PIXELS + ", not " + maxPixels);
    }
  }

  /** 32 MiB, 24 megapixels, 10,000 frames. */
  public static ImageLimits defaults() {
    return DEFAULTS;
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
