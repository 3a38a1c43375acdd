package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private static final String ENTRY =
      "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}}";

  @TempDir private Path folder;

  @Test
  void aTensorIsFoundAtItsPlaceInTheFile() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"}," + entry("F16", "[2,3]", 4, 16).substring(1);
    WeightFile file = SafetensorsFile.read(write(header, 16));

    assertThat(file.tensors())
        .containsExactly(
            Map.entry(
                "w",
                new StoredTensor(
                    "w",
                    WeightType.F16,
                    List.of(2L, 3L),
                    file.file(),
                    8 + header.length() + 4,
                    12,
                    false)));
  }

  @Test
  void aScalarIsReadInEveryNumberFormat() throws IOException {
    byte[] data = {0, 0, (byte) 0x80, 0x40, 0, 0x44, (byte) 0x80, 0x40};
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[4,6]},"
            + "\"c\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[6,8]}}";
    WeightFile file = SafetensorsFile.read(write(header.length(), header, data));

    assertThat(file.tensors().values())
        .extracting(TensorReader::scalar)
        .containsExactly(4f, 4f, 4f);
  }

  @Test
  void buffersOfIntegersAreLeftOut() throws IOException {
    WeightFile file = SafetensorsFile.read(write(entry("I64", "[2]", 0, 16), 16));

    assertThat(file.tensors()).isEmpty();
    assertThat(file.buffers()).containsExactly("w");
  }

  @Test
  void aFileThatEndsBeforeItsLastTensorIsRefusedWithItsSize() throws IOException {
    String header = entry("F32", "[4]", 0, 16);

    assertRefused(write(header, 15))
        .hasMessageContaining("is truncated")
        .hasMessageContaining("tensor w")
        .hasMessageContaining(Integer.toString(8 + header.length() + 15));
  }

  @Test
  void aFileThatEndsInsideItsHeaderIsRefused() throws IOException {
    String header = entry("F32", "[4]", 0, 16);

    assertRefused(write(header.length() + 100, header, new byte[0]))
        .hasMessageContaining("is truncated");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    assertRefused(Files.createFile(folder.resolve("weights"))).hasMessageContaining("0 bytes");
  }

  @Test
  void aHeaderLengthBeyondTheFormatsLimitIsRefusedBeforeMemoryIsTaken() throws IOException {
    assertRefused(write(Long.MAX_VALUE, "{}", new byte[64]))
        .hasMessageContaining("not a safetensors file");
    assertRefused(write(-1, "{}", new byte[64])).hasMessageContaining("18446744073709551615 bytes");
  }

  @Test
  void aGitLfsPointerIsRefusedWithWhatToDo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("model.safetensors"),
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 605157884\n");

    assertRefused(file).hasMessageContaining("git lfs pull");
  }

  @Test
  void offsetsThatDoNotFitTheShapeAreRefused() throws IOException {
    assertRefused(write(entry("F32", "[5]", 0, 16), 16)).hasMessageContaining("shape [5] as F32");
    assertRefused(write(entry("F32", "[4294967296,4294967296]", 0, 0), 16))
        .hasMessageContaining("does not take 0 bytes");
  }

  @Test
  void offsetsThatRunBackwardsOrBelowZeroAreRefused() throws IOException {
    assertRefused(write(entry("F32", "[4]", 16, 0), 16)).hasMessageContaining("end before");
    assertRefused(write(entry("F32", "[4]", -16, 0), 16)).hasMessageContaining("-16");
  }

  @Test
  void tensorsThatShareBytesAreRefusedByName() throws IOException {
    String header =
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]},"
            + "\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}";

    assertRefused(write(header, 12))
        .hasMessageContaining("b begins at byte")
        .hasMessageContaining("inside a");
  }

  @Test
  void aHeaderOfTwoGigabytesIsRefusedBeforeMemoryIsTaken() throws IOException {
    assertRefused(write(2L << 30, "{}", new byte[64]))
        .hasMessageContaining("a header of 2147483648 bytes");
  }

  @Test
  void aTensorNamedTwiceIsRefused() throws IOException {
    String twice =
        entry("F32", "[4]", 0, 16).replaceFirst("}}$", "},")
            + entry("F32", "[4]", 0, 16).substring(1);

    assertRefused(write(twice, 16)).hasMessageContaining("not valid JSON");
  }

  @Test
  void noRandomDamageToAHeaderLeadsToAnythingButARefusal() throws IOException {
    byte[] good = Files.readAllBytes(write(entry("F32", "[2,2]", 0, 16), 16));
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = Arrays.copyOf(good, good.length - random.nextInt(3));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Path file = Files.write(folder.resolve("weights"), damaged);
      try {
        for (StoredTensor tensor : SafetensorsFile.read(file).tensors().values()) {
          assertThat(tensor.offset() + tensor.length()).isLessThanOrEqualTo(damaged.length);
        }
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
    return assertThatThrownBy(() -> SafetensorsFile.read(file))
        .isInstanceOf(CheckpointException.class);
  }

  private static String entry(String type, String shape, long begin, long end) {
    return ENTRY.formatted(type, shape, begin, end);
  }

  private Path write(String header, int dataBytes) throws IOException {
    return write(header.length(), header, new byte[dataBytes]);
  }

  private Path write(long headerLength, String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerLength).put(text).put(data);
    return Files.write(folder.resolve("weights"), file.array());
  }
}
