package dev.tagstream.model.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything in a checkpoint's configuration of preprocessing that decides the numbers its image
 * encoder sees. The image is always converted to RGB, as every CLIP configuration asks.
 *
 * @param resize how the image is scaled before the crop; null leaves its size alone
 * @param crop what is cut from the middle, padded with zeros where the image is smaller; null keeps
 *     all of it, which needs a resize to a fixed size
 * @param cropRounding where the crop lies when its distances to both edges cannot be equal
 * @param filter the resampling filter
 * @param rescaleFactor what the 8-bit values are multiplied by, usually 1/255; 1 for no rescaling
 * @param mean subtracted from each of R, G and B after rescaling
 * @param std divided by after that
 */
public record PixelSpec(
    @Nullable Resize resize,
    @Nullable Size crop,
    CropRounding cropRounding,
    ResampleFilter filter,
    double rescaleFactor,
    List<Double> mean,
    List<Double> std) {

  /** The mean OpenAI's CLIP was trained with. */
  public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /** The standard deviation OpenAI's CLIP was trained with. */
  public static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

  private static final int LARGEST_SIDE = 4096;

  /** A width and a height in pixels. */
  public record Size(int width, int height) {
    public Size {
      requireSide("width", width);
      requireSide("height", height);
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** How the size after resizing follows from the size before. */
  public sealed interface Resize permits ShortestEdge, LongestEdge, ToSize {}

  /**
   * The shorter side becomes {@code pixels}, the longer {@code floor(pixels * longer / shorter)},
   * as {@code transformers} rounds it.
   */
  public record ShortestEdge(int pixels) implements Resize {
    public ShortestEdge {
      requireSide("shortest_edge", pixels);
    }

    @Override
    public String toString() {
      return "shortest-edge " + pixels;
    }
  }

  /**
   * The longer side becomes {@code pixels}, the shorter keeps the aspect ratio, each rounded to the
   * nearest whole number and halves to the even one, as OpenCLIP's {@code longest} does.
   */
  public record LongestEdge(int pixels) implements Resize {
    public LongestEdge {
      requireSide("longest_edge", pixels);
    }

    @Override
    public String toString() {
      return "longest-edge " + pixels;
    }
  }

  /** Both sides are given; the aspect ratio is not kept. */
  public record ToSize(Size size) implements Resize {
    @Override
    public String toString() {
      return size.toString();
    }
  }

  /** What becomes of half a pixel when a crop is centred, or an image padded to it. */
  public enum CropRounding {
    /** Towards the upper left, also where the image is padded, as {@code transformers} does it. */
    DOWN {
      @Override
      public int offset(int surplus) {
        return Math.floorDiv(surplus, 2);
      }
    },
    /**
     * To the even number, as Python rounds; padding takes the lesser half first. So does {@code
     * torchvision}, and with it OpenCLIP.
     */
    HALF_EVEN {
      @Override
      public int offset(int surplus) {
        return surplus < 0 ? surplus / 2 : (int) Math.rint(surplus / 2.0);
      }
    };

    /**
     * Where the crop begins.
     *
     * @param surplus pixels of the image beyond the crop; negative where the image is smaller
     * @return negative where the image is padded
     */
    public abstract int offset(int surplus);
  }

  /** A crop that is centred as {@code transformers} does it. */
  public PixelSpec(
      @Nullable Resize resize,
      @Nullable Size crop,
      ResampleFilter filter,
      double rescaleFactor,
      List<Double> mean,
      List<Double> std) {
    this(resize, crop, CropRounding.DOWN, filter, rescaleFactor, mean, std);
  }

  public PixelSpec {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "mean and std need one value for each of R, G and B, not " + mean + " and " + std);
    }
    if (std.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException("std must be positive, not " + std);
    }
    if (crop == null && !(resize instanceof ToSize)) {
      throw new IllegalArgumentException(
          "without a centre crop the resize must name a height and a width,"
              + " or images would come out in different sizes");
    }
  }

  /** What OpenAI's checkpoints use: shortest edge bicubic, centre crop, OpenAI's mean and std. */
  public static PixelSpec clip(int side) {
    return new PixelSpec(
        new ShortestEdge(side),
        new Size(side, side),
        ResampleFilter.BICUBIC,
        1 / 255.0,
        CLIP_MEAN,
        CLIP_STD);
  }

  /** The size of every prepared image. */
  public Size output() {
    if (crop != null) {
      return crop;
    }
    return ((ToSize) Objects.requireNonNull(resize)).size();
  }

  /**
   * A short identity of the preprocessing: two embeddings may be compared only if it is the same.
   *
   * @param applyOrientation whether EXIF orientation is applied
   * @return 16 hexadecimal digits of the SHA-256 of this spec, the orientation switch and the
   *     decoders
   */
  public String fingerprint(boolean applyOrientation) {
    String text =
        "tagstream-pixels/1"
            + "\nresize="
            + (resize == null ? "none" : resize)
            + "\ncrop="
            + (crop == null ? "none" : crop)
            // Named only where it is not the one that there was at first: fingerprints stay.
            + (crop == null || cropRounding == CropRounding.DOWN ? "" : " " + cropRounding)
            + "\nfilter="
            + filter
            + "\nrescale="
            + rescaleFactor
            + "\nmean="
            + mean
            + "\nstd="
            + std
            + "\norientation="
            + applyOrientation
            + "\ndecoders="
            + ImagePreprocessor.DECODERS
            + "\n";
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void requireSide(String name, int pixels) {
    if (pixels < 1 || pixels > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          name + " must be from 1 to " + LARGEST_SIDE + " pixels, not " + pixels);
    }
  }
}
