package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of torch.save, some by torch itself ({@code src/test/python/make_torch_golden.py}), the
 * hostile ones by hand.
 */
class TorchFileTest {
  private static final String STORAGE = storage("torch\nFloatStorage", 4);
  private static final String TENSOR = "ctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE;

  /** A matrix of two rows and columns under the name w. */
  private static final String GOOD =
      "\u0080\u0002}X\1\0\0\0w" + TENSOR + "K\0K\2K\2\u0086K\2K\1\u0086\u0089}tRs.";

  private static final byte[] NUMBERS = new byte[16];

  @TempDir private Path folder;

  @Test
  void everyKindOfTensorThatTorchSavesIsFoundWhereItLies() throws IOException {
    WeightFile file = TorchFile.read(resource("views.bin"));

    assertThat(file.tensors().keySet())
        .containsExactly(
            "whole", "part", "transposed", "column", "half", "bfloat", "scalar", "parameter");
    assertThat(file.buffers()).containsExactlyInAnyOrder("numbers", "double");
    assertThat(tensor(file, "whole").shape()).containsExactly(4L, 6L);
    assertThat(TensorReader.scalar(tensor(file, "whole"))).isEqualTo(0);
    assertThat(TensorReader.scalar(tensor(file, "part"))).isEqualTo(6);
    assertThat(TensorReader.scalar(tensor(file, "half"))).isEqualTo(1.5f);
    assertThat(TensorReader.scalar(tensor(file, "bfloat"))).isEqualTo(1);
    assertThat(TensorReader.scalar(tensor(file, "scalar"))).isEqualTo(7);
    assertThat(TensorReader.scalar(tensor(file, "parameter"))).isEqualTo(5);
  }

  @Test
  void aTransposedViewIsTheSameBytesReadColumnByColumn() throws IOException {
    WeightFile file = TorchFile.read(resource("views.bin"));
    StoredTensor transposed = tensor(file, "transposed");

    assertThat(transposed.transposed()).isTrue();
    assertThat(transposed.shape()).containsExactly(6L, 4L);
    assertThat(transposed.storedShape()).containsExactly(4L, 6L);
    assertThat(transposed.offset()).isEqualTo(tensor(file, "whole").offset());
  }

  @Test
  void aViewThatSkipsNumbersIsRefusedWithWhatToDo() throws IOException {
    assertRefused(resource("strided.bin"))
        .hasMessageContaining("tensor w of shape [3, 2] has strides [4, 1]")
        .hasMessageContaining("contiguous()");
  }

  @Test
  void theFormatBeforePyTorch16IsRefusedWithHowToConvertIt() throws IOException {
    assertRefused(resource("legacy.bin"))
        .hasMessageContaining("PyTorch before 1.6")
        .hasMessageContaining("torch.load(FILE, weights_only=True)");
  }

  @Test
  void entriesBeyondFourGigabytesAreFoundByTheirLongOffsets() throws IOException {
    WeightFile zip64 = TorchFile.read(write(zip(GOOD, NUMBERS).bytes(true)));
    WeightFile plain = TorchFile.read(write(zip(GOOD, NUMBERS).bytes(false)));

    assertThat(tensor(zip64, "w")).isEqualTo(tensor(plain, "w"));
    assertThat(tensor(plain, "w").shape()).containsExactly(2L, 2L);
  }

  @Test
  void aPickleThatEndsTooEarlyIsRefused() throws IOException {
    for (int length = 0; length < GOOD.length(); length++) {
      assertRefused(write(GOOD.substring(0, length))).isInstanceOf(CheckpointException.class);
    }
    assertRefused(write("\u0080\u0002X\u00ff\u00ff\u00ff\u007fa."))
        .hasMessageContaining("ends too early");
  }

  @Test
  void tensorsThatDoNotFitTheirStorageAreRefused() throws IOException {
    assertRefused(write(GOOD.replace("K\0K\2K\2", "K\1K\2K\2")))
        .hasMessageContaining("tensor w of shape [2, 2] at element 1")
        .hasMessageContaining("storage of 4 elements");
    String huge = "\u008a\u0008\0\0\0\0\0\0\0@";
    assertRefused(write(GOOD.replace("K\0K\2K\2", "K\0" + huge + huge)))
        .hasMessageContaining("does not fit");
  }

  @Test
  void aStorageOfAnotherSizeThanItsEntryIsRefused() throws IOException {
    assertRefused(write(zip(GOOD, new byte[15]).bytes(false)))
        .hasMessageContaining("m/data/0 has 15 bytes, not the 4 numbers in F32");
  }

  @Test
  void aStorageThatIsNotThereIsRefusedByName() throws IOException {
    byte[] file = new TestZip().add("m/data.pkl", latin1(GOOD)).bytes(false);

    assertRefused(write(file)).hasMessageContaining("no entry m/data/0");
  }

  @Test
  void aCompressedEntryIsRefusedWithWhatToDo() throws IOException {
    assertRefused(write(zip(GOOD, NUMBERS).markedCompressed().bytes(false)))
        .hasMessageContaining("m/data/0 is compressed")
        .hasMessageContaining("save the checkpoint again");
  }

  @Test
  void storagesThatShareBytesAreRefused() throws IOException {
    String second =
        GOOD.replace("X\1\0\0\0w", "X\1\0\0\0v").replace("X\1\0\0\0000", "X\1\0\0\0001");
    String both = GOOD.substring(0, GOOD.length() - 1) + second.substring(3);

    assertRefused(write(zip(both, NUMBERS).addAgainAs("m/data/1").bytes(false)))
        .hasMessageContaining("inside m/data/0");
  }

  @Test
  void aFileThatWasCutOffIsRefused() throws IOException {
    byte[] whole = zip(GOOD, NUMBERS).bytes(false);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(write(Arrays.copyOf(whole, length))).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void numbersInTheOtherByteOrderAreRefused() throws IOException {
    byte[] file = zip(GOOD, NUMBERS).add("m/byteorder", latin1("big")).bytes(false);

    assertRefused(write(file)).hasMessageContaining("big-endian");
  }

  @Test
  void aTorchScriptProgramIsRefused() throws IOException {
    byte[] file = zip(GOOD, NUMBERS).add("m/code/model.py", latin1("import os")).bytes(false);

    assertRefused(write(file)).hasMessageContaining("TorchScript");
  }

  @Test
  void noRandomDamageLeadsToAnythingButARefusal() throws IOException {
    byte[] good = zip(GOOD, NUMBERS).bytes(true);
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = good.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        for (StoredTensor tensor : TorchFile.read(write(damaged)).tensors().values()) {
          assertThat(tensor.offset()).isNotNegative();
          assertThat(tensor.offset() + tensor.length()).isLessThanOrEqualTo(damaged.length);
        }
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
    return assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(String.valueOf(file.getFileName()));
  }

  private static StoredTensor tensor(WeightFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name), name);
  }

  private static String storage(String type, int elements) {
    return "(X\7\0\0\0storagec" + type + "\nX\1\0\0\0000X\3\0\0\0cpuK" + (char) elements + "tQ";
  }

  private static TestZip zip(String pickle, byte[] storage) {
    return new TestZip().add("m/data.pkl", latin1(pickle)).add("m/data/0", storage);
  }

  private Path write(String pickle) throws IOException {
    return write(zip(pickle, NUMBERS).bytes(false));
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve("pytorch_model.bin"), file);
  }

  private Path resource(String name) throws IOException {
    try (InputStream in =
        TorchFileTest.class.getResourceAsStream("/dev/tagstream/model/torch/" + name)) {
      return Files.write(folder.resolve(name), Objects.requireNonNull(in, name).readAllBytes());
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
