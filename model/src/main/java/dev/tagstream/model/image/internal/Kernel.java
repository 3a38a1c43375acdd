package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ResampleFilter;

/** The filter functions and their supports, as Pillow defines them. */
final class Kernel {

  private Kernel() {}

  static double support(ResampleFilter filter) {
    return switch (filter) {
      case NEAREST -> throw new IllegalArgumentException("nearest has no kernel");
      case BOX -> 0.5;
      case BILINEAR, HAMMING -> 1;
      case BICUBIC -> 2;
      case LANCZOS -> 3;
    };
  }

  static double at(ResampleFilter filter, double x) {
    return switch (filter) {
      case NEAREST -> throw new IllegalArgumentException("nearest has no kernel");
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.abs(x) < 1 ? 1 - Math.abs(x) : 0;
      case HAMMING -> hamming(Math.abs(x));
      case BICUBIC -> bicubic(Math.abs(x));
      case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  /** Keys' cubic convolution with a = -0.5, in Pillow's order of operations. */
  private static double bicubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double hamming(double x) {
    if (x == 0) {
      return 1;
    }
    if (x >= 1) {
      return 0;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle * (0.54 + 0.46 * Math.cos(angle));
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle;
  }
}
