package dev.tagstream.model.checkpoint;

/** IEEE 754 binary16, for which the class library has conversions only from Java 20 on. */
public final class HalfFloat {
  /** The least magnitude that is rounded to infinity. */
  public static final float OVERFLOW = 65520;

  private HalfFloat() {}

  /** The exact value of sixteen bits. */
  public static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign | 0x3f800000));
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  /**
   * The nearest representable value, ties to even.
   *
   * @param value finite, of a magnitude below {@link #OVERFLOW}
   */
  public static short fromFloat(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint((double) magnitude * 0x1p24));
    }
    int bits = Float.floatToRawIntBits(magnitude);
    int rounded = bits + 0xfff + (bits >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }
}
