package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.StoredTensor;
import dev.tagstream.model.checkpoint.WeightType;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.InferenceException;
import dev.tagstream.model.runtime.RunDevice;
import dev.tagstream.model.selftest.Check;
import dev.tagstream.model.selftest.SelfTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HalfComputeTest {
  private static final RunDevice CPU = new RunDevice(-1);
  private static final RunDevice GPU = new RunDevice(0);
  private static final ModelOptions F32 =
      ModelOptions.defaults().on(new DeviceChoice.Cpu()).computing(ComputeChoice.F32);
  private static final ModelOptions F16 = F32.computing(ComputeChoice.F16);
  private static final Path DEMO =
      Path.of("../topology/src/main/resources/dev/tagstream/demo/images");

  @TempDir private Path folder;

  @Test
  void leftToItselfAGpuComputesIn16BitsAndACpuIn32() {
    assertThat(ComputeChoice.AUTO.on(GPU)).isEqualTo(ComputeType.F16);
    assertThat(ComputeChoice.AUTO.on(CPU)).isEqualTo(ComputeType.F32);
  }

  @Test
  void aFormatThatIsAskedForIsUsedOnAnyDevice() {
    assertThat(ComputeChoice.F32.on(GPU)).isEqualTo(ComputeType.F32);
    assertThat(ComputeChoice.F16.on(GPU)).isEqualTo(ComputeType.F16);
    assertThat(ComputeChoice.F16.on(CPU)).isEqualTo(ComputeType.F16_EMULATED);
    assertThat(F16.resolved().compute()).isEqualTo(ComputeChoice.F16);
    assertThat(F32.computing(ComputeChoice.AUTO).resolved()).isEqualTo(F32);
  }

  @Test
  void whatIsWrittenIsReadAndAnythingElseIsRefusedWithWhatIsAllowed() {
    for (ComputeChoice choice : ComputeChoice.values()) {
      assertThat(ComputeChoice.parse(choice.toString())).isEqualTo(choice);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComputeChoice.parse("bf16"))
        .withMessageContaining("\"bf16\"")
        .withMessageContaining("auto, f32 or f16");
  }

  @Test
  void aWeightBeyondTheRangeOf16BitsIsRefusedThereAndRunsIn32() throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 3);
    overwrite("vision_model.encoder.layers.1.mlp.fc2.weight", 1, 1e5f);

    assertThatThrownBy(() -> ClipModel.load(folder, F16))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("vision_model.encoder.layers.1.mlp.fc2.weight")
        .hasMessageContaining("model.compute=f32");
    assertThatThrownBy(() -> Checkpoint.read(folder, F16)).isInstanceOf(CheckpointException.class);
    try (ClipModel model = ClipModel.load(folder, F32)) {
      assertThat(model.embedPixels(pixels(model), 1)[0]).hasSize(32);
    }
  }

  /** A projection of zeros has no direction, so that the embedding is 0/0. */
  @Test
  void anEmbeddingThatIsNoNumberIsAnErrorWithWhatToDo() throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 3);
    overwrite("visual_projection.weight", 64 * 32, 0);

    try (ClipModel model = ClipModel.load(folder, F16)) {
      assertThatThrownBy(() -> model.embedPixels(pixels(model), 1))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("not finite")
          .hasMessageContaining("model.compute=f32");
      assertThat(model.embedTexts(List.of("cat"))[0]).hasSize(32);
    }
  }

  @Test
  void theFirstFiveWordsOfEveryPictureThatComesAlongAreThoseOf32Bits() throws Exception {
    List<byte[]> pictures = pictures();
    List<String> words = words();
    List<List<Integer>> rankings = new ArrayList<>();
    for (ModelOptions options : List.of(F32, F16)) {
      try (ClipModel model = ClipModel.load(Path.of("starter"), options)) {
        float[][] texts =
            model.embedTexts(words.stream().map(word -> "a picture of a " + word).toList());
        for (byte[] picture : pictures) {
          rankings.add(firstFive(model.embedImage(picture), texts));
        }
      }
    }
    int count = pictures.size();

    assertThat(count).isGreaterThan(20);
    assertThat(rankings.subList(count, 2 * count)).isEqualTo(rankings.subList(0, count));
    assertThat(rankings.subList(0, count)).doesNotHaveDuplicates();
  }

  @Test
  void theSelfTestPasses16BitsAndCatchesAWrongActivation() throws Exception {
    RandomCheckpoint.write(
        folder, new CheckpointShape(ParityCheckpoints.b32(), WeightType.F32), 11);
    Path wrong = folder.resolve("wrong");
    RandomCheckpoint.write(wrong, new CheckpointShape(ParityCheckpoints.b32(), WeightType.F32), 11);
    Path config = wrong.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("quick_gelu", "gelu"));

    try (ClipModel reference = ClipModel.load(folder, F32);
        ClipModel half = ClipModel.load(folder, F16);
        ClipModel other = ClipModel.load(wrong, F32)) {
      assertThat(asInTheReference(half, reference).outcome()).isEqualTo(Check.Outcome.PASSED);
      assertThat(asInTheReference(half, reference).detail()).contains("cpu in F16 emulated");
      assertThat(asInTheReference(other, reference).outcome()).isEqualTo(Check.Outcome.FAILED);
      assertThat(asInTheReference(reference, reference).outcome()).isEqualTo(Check.Outcome.SKIPPED);
    }
  }

  private static Check asInTheReference(ClipModel model, ClipModel reference) throws Exception {
    List<byte[]> files = pictures();
    List<String> words = words();
    List<SelfTest.Picture> pictures =
        IntStream.range(0, files.size())
            .mapToObj(i -> new SelfTest.Picture(words.get(i), files.get(i)))
            .toList();
    return SelfTest.run(model, reference, pictures).stream()
        .filter(check -> check.name().equals("on the device as on the CPU in F32"))
        .findFirst()
        .orElseThrow();
  }

  private void overwrite(String tensor, int count, float value) throws IOException {
    StoredTensor place = CheckpointFolder.open(folder).weights().tensor(tensor);
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(value);
    }
    try (FileChannel file = FileChannel.open(place.file(), StandardOpenOption.WRITE)) {
      file.write(bytes.flip(), place.offset());
    }
  }

  private static ByteBuffer pixels(ClipModel model) {
    return ParityTest.pixels(1, model.checkpoint().imageSize());
  }

  /** Further down are words so equally far off that a last digit decides. */
  private static List<Integer> firstFive(float[] image, float[][] texts) {
    return IntStream.range(0, texts.length)
        .boxed()
        .sorted(Comparator.comparingDouble(text -> -dot(image, texts[text])))
        .limit(5)
        .toList();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DEMO)) {
      return files.sorted().toList();
    }
  }

  private static List<byte[]> pictures() throws IOException {
    List<byte[]> pictures = new ArrayList<>();
    for (Path file : files()) {
      pictures.add(Files.readAllBytes(file));
    }
    return pictures;
  }

  private static List<String> words() throws IOException {
    return files().stream()
        .map(file -> file.getFileName().toString().replaceAll("\\..*", "").replace('-', ' '))
        .toList();
  }
}
