package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

  @Test
  void everyFiniteValueSurvivesThereAndBack() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = HalfFloat.toFloat((short) bits);
      if (Float.isFinite(value)) {
        assertThat(HalfFloat.fromFloat(value)).as("bits %x", bits).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void wellKnownValuesHaveTheirBits() {
    assertThat(HalfFloat.toFloat((short) 0x3c00)).isEqualTo(1f);
    assertThat(HalfFloat.toFloat((short) 0x7bff)).isEqualTo(65504f);
    assertThat(HalfFloat.toFloat((short) 0x8001)).isEqualTo(-0x1p-24f);
    assertThat(HalfFloat.toFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void valuesBetweenTwoGoToTheNearestAndTiesToTheEvenOne() {
    assertThat(HalfFloat.fromFloat(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(HalfFloat.fromFloat(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
    assertThat(HalfFloat.fromFloat(1 + 0x1.8p-11f)).isEqualTo((short) 0x3c01);
    assertThat(HalfFloat.fromFloat(0x1.8p-25f)).isEqualTo((short) 1);
  }
}
