package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FiniteNumbersTest {
  /** Not a multiple of eight bytes in any format, and more than one block. */
  private static final int COUNT = 200_003;

  private static final int ODD_OFFSET = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void everyFinitePatternOfBitsPasses(WeightType type) throws IOException {
    StoredTensor tensor = tensor(type, i -> 0, -1);

    assertThatCode(() -> FiniteNumbers.require(List.of(tensor), WeightType.F32))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aSingleNumberThatIsNoneIsFoundWhereverItLies(WeightType type) throws IOException {
    for (int place : new int[] {0, 1, 2, 3, 100_000, COUNT - 4, COUNT - 3, COUNT - 2, COUNT - 1}) {
      for (int bad : notFinite(type)) {
        StoredTensor tensor = tensor(type, i -> bad, place);

        assertThatThrownBy(() -> FiniteNumbers.require(List.of(tensor), WeightType.F32))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("weights: number " + place + " of tensor w is ")
            .hasMessageMatching("(?s).* is (NaN|-?Infinity)\\..*");
      }
    }
  }

  @Test
  void theFirstOfSeveralTensorsIsNamed() throws IOException {
    StoredTensor bad = tensor(WeightType.F32, i -> 0x7fc00000, 5);
    StoredTensor worse =
        new StoredTensor(
            "v", bad.type(), bad.shape(), bad.file(), bad.offset(), bad.length(), false);

    assertThatThrownBy(() -> FiniteNumbers.require(List.of(bad, worse), WeightType.F32))
        .hasMessageContaining("tensor w");
  }

  /** Every bit pattern of a number below the limit, and the limit itself, told by its value. */
  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aNumberThatTheComputeFormatCannotHoldIsFoundAndTheOneBelowItIsNot(WeightType type)
      throws IOException {
    int limit =
        switch (type) {
          case F32 -> 0x477ff000;
          case F16 -> 0x7c00;
          case BF16 -> 0x4780;
        };
    int sign = type == WeightType.F32 ? 0x80000000 : 0x8000;
    StoredTensor fits = tensor(type, i -> (limit - 1) | (i % 2 == 0 ? 0 : sign));

    assertThatCode(() -> FiniteNumbers.require(List.of(fits), WeightType.F16))
        .doesNotThrowAnyException();
    for (int place : new int[] {0, 100_001, COUNT - 1}) {
      StoredTensor tensor = tensor(type, i -> i == place ? limit | sign : limit - 1);

      assertThatThrownBy(() -> FiniteNumbers.require(List.of(tensor), WeightType.F16))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("number " + place + " of tensor w is -");
    }
  }

  @Test
  void aNumberTooGreatForF16IsNoFaultWhereF32IsComputed() throws IOException {
    StoredTensor tensor = tensor(WeightType.F32, i -> Float.floatToRawIntBits(70_000));

    assertThatCode(() -> FiniteNumbers.require(List.of(tensor), WeightType.F32))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> FiniteNumbers.require(List.of(tensor), WeightType.F16))
        .hasMessageContaining("weights: number 0 of tensor w is 70000.0")
        .hasMessageContaining("F16 reaches to 65504 only")
        .hasMessageContaining("model.compute=f32");
  }

  private static int[] notFinite(WeightType type) {
    return switch (type) {
      case F32 -> new int[] {0x7f800000, 0xff800000, 0x7f800001, 0xffffffff};
      case F16 -> new int[] {0x7c00, 0xfc00, 0x7c01, 0xffff};
      case BF16 -> new int[] {0x7f80, 0xff80, 0x7f81, 0xffff};
    };
  }

  private interface Bits {
    int at(int index);
  }

  /** All finite patterns in turn, the greatest among them, but for one place. */
  private StoredTensor tensor(WeightType type, Bits bits, int place) throws IOException {
    int[] greatest =
        switch (type) {
          case F32 -> new int[] {0x7f7fffff, 0xff7fffff, 0, 0x80000000, 1, 0x3f800000};
          case F16 -> new int[] {0x7bff, 0xfbff, 0, 0x8000, 1, 0x3c00};
          case BF16 -> new int[] {0x7f7f, 0xff7f, 0, 0x8000, 1, 0x3f80};
        };
    return tensor(type, i -> i == place ? bits.at(i) : greatest[i % greatest.length]);
  }

  private StoredTensor tensor(WeightType type, Bits bits) throws IOException {
    ByteBuffer file =
        ByteBuffer.allocate(ODD_OFFSET + COUNT * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(file.array(), (byte) 0xff);
    file.position(ODD_OFFSET);
    for (int i = 0; i < COUNT; i++) {
      int value = bits.at(i);
      if (type.bytes() == 4) {
        file.putInt(value);
      } else {
        file.putShort((short) value);
      }
    }
    Path path = Files.write(folder.resolve("weights"), file.array());
    long bytes = (long) COUNT * type.bytes();
    return new StoredTensor("w", type, List.of((long) COUNT), path, ODD_OFFSET, bytes, false);
  }
}
