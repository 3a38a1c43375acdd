package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.ResampleFilter;
import java.util.Arrays;

/**
 * Resize and centre crop in one go, with Pillow's results to the bit: horizontal pass, rounding and
 * clipping to 8 bits, vertical pass, rounding and clipping again.
 *
 * <p>Two samples ride in one {@code long}, the low and the high half, through each multiplication
 * by a signed weight. Every sum fits 32 bits, so the low half only ever borrows from the high one,
 * and {@link #low} and {@link #high} undo that exactly. Only columns and rows that survive the crop
 * are computed.
 */
public final class Resampler {

  private static final long HALF = 1L << (Coefficients.PRECISION - 1);
  private static final long ROUNDING = HALF | HALF << 32;

  /** The orientation that shows the image of another one with its axes swapped. */
  private static final int[] TRANSPOSED = {0, 5, 8, 7, 6, 1, 4, 3, 2};

  private Resampler() {}

  /**
   * Orients, resizes and crops a decoded image.
   *
   * @param orientation the EXIF value, 1 to 8, by which the image is turned first
   * @return unsigned 8-bit RGB, {@code [output height, output width, 3]}, zero where the crop is
   *     larger than the image
   */
  public static byte[] apply(PixelSpec spec, DecodedImage image, int orientation) {
    int width = OrientedRows.width(image, orientation);
    int height = OrientedRows.height(image, orientation);
    Geometry x = Geometry.horizontal(spec, width, height);
    Geometry y = Geometry.vertical(spec, width, height);
    if (isVerticalFirst(x, y)) {
      byte[] transposed = run(spec.filter(), image, TRANSPOSED[orientation], y, x);
      return transpose(transposed, y.output(), x.output());
    }
    return run(spec.filter(), image, orientation, x, y);
  }

  /** Pillow 13 swaps the passes where the height shrinks by more than twice what the width does. */
  private static boolean isVerticalFirst(Geometry x, Geometry y) {
    long narrower = x.input() - (long) x.resized();
    long lower = y.input() - (long) y.resized();
    return lower > 0 && lower > 2 * narrower;
  }

  private static byte[] run(
      ResampleFilter filter, DecodedImage image, int orientation, Geometry x, Geometry y) {
    byte[] output = new byte[x.output() * y.output() * 3];
    if (filter == ResampleFilter.NEAREST) {
      Nearest.apply(image, orientation, x, y, output);
      return output;
    }
    Coefficients columns = Coefficients.compute(filter, x.input(), x.resized(), x.from(), x.to());
    Coefficients rows = Coefficients.compute(filter, y.input(), y.resized(), y.from(), y.to());
    OrientedRows source =
        new OrientedRows(image, orientation, columns.inputFrom(), columns.inputTo());
    long[][] sums = sum(source, columns, rows);
    for (int i = 0; i < sums.length; i++) {
      store(sums[i], columns.count() * 3, output, ((y.offset() + i) * x.output() + x.offset()) * 3);
    }
    return output;
  }

  private static byte[] transpose(byte[] pixels, int width, int height) {
    byte[] transposed = new byte[pixels.length];
    for (int y = 0, in = 0; y < height; y++) {
      for (int x = 0; x < width; x++, in += 3) {
        int out = (x * height + y) * 3;
        transposed[out] = pixels[in];
        transposed[out + 1] = pixels[in + 1];
        transposed[out + 2] = pixels[in + 2];
      }
    }
    return transposed;
  }

  /**
   * Runs both passes over the source rows, adding each to all the output rows it weighs in.
   *
   * @return for each output row its sums; sample i of the first half of the row shares a {@code
   *     long} with sample i of the second half
   */
  private static long[][] sum(OrientedRows source, Coefficients columns, Coefficients rows) {
    int samples = columns.count() * 3;
    int half = (samples + 1) / 2;
    long[][] sums = new long[rows.count()][half];
    for (long[] row : sums) {
      Arrays.fill(row, ROUNDING);
    }
    long[] lanes = new long[(columns.inputTo() - columns.inputFrom()) * 3];
    long[] even = new long[half * 2];
    long[] odd = new long[half * 2];
    int end = rows.inputTo();
    int firstOpen = 0;
    for (int y = rows.inputFrom(); y < end; y += 2) {
      source.readPair(y, lanes);
      horizontal(lanes, columns, even, odd);
      firstOpen = accumulate(even, y, rows, firstOpen, sums);
      if (y + 1 < end) {
        firstOpen = accumulate(odd, y + 1, rows, firstOpen, sums);
      }
    }
    return sums;
  }

  private static void horizontal(long[] lanes, Coefficients columns, long[] even, long[] odd) {
    int base = columns.inputFrom();
    for (int i = 0, out = 0; i < columns.count(); i++, out += 3) {
      int[] weights = columns.weights[i];
      int lane = (columns.start[i] - base) * 3;
      long red = ROUNDING;
      long green = ROUNDING;
      long blue = ROUNDING;
      for (int weight : weights) {
        red += lanes[lane] * weight;
        green += lanes[lane + 1] * weight;
        blue += lanes[lane + 2] * weight;
        lane += 3;
      }
      even[out] = low(red);
      even[out + 1] = low(green);
      even[out + 2] = low(blue);
      odd[out] = high(red);
      odd[out + 1] = high(green);
      odd[out + 2] = high(blue);
    }
  }

  private static int accumulate(
      long[] row, int y, Coefficients rows, int firstOpen, long[][] sums) {
    int half = row.length / 2;
    for (int i = 0; i < half; i++) {
      row[i] |= row[half + i] << 32;
    }
    int first = firstOpen;
    while (rows.start[first] + rows.length[first] <= y) {
      first++;
    }
    for (int i = first; i < sums.length && rows.start[i] <= y; i++) {
      int weight = rows.weights[i][y - rows.start[i]];
      long[] sum = sums[i];
      for (int j = 0; j < half; j++) {
        sum[j] += row[j] * weight;
      }
    }
    return first;
  }

  private static void store(long[] sums, int samples, byte[] output, int offset) {
    int half = sums.length;
    for (int i = 0; i < half; i++) {
      output[offset + i] = (byte) low(sums[i]);
      if (half + i < samples) {
        output[offset + half + i] = (byte) high(sums[i]);
      }
    }
  }

  private static int low(long sums) {
    return clip((int) sums >> Coefficients.PRECISION);
  }

  private static int high(long sums) {
    return clip((int) ((sums - (int) sums) >> 32) >> Coefficients.PRECISION);
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
