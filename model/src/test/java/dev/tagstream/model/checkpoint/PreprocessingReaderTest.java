package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.ResampleFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint of Hugging Face says of pixels, read with the folder it lies in. */
class PreprocessingReaderTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path folder;
  private EditedCheckpoint checkpoint = new EditedCheckpoint(Path.of(""));

  @BeforeEach
  void writeAGoodCheckpoint() throws IOException {
    checkpoint = EditedCheckpoint.good(folder);
  }

  @Test
  void imagesOfAnotherSizeThanTheModelsAreRefused() throws IOException {
    checkpoint.edit("preprocessor_config.json", json -> json.put("crop_size", 32));

    checkpoint.assertRefused().hasMessageContaining("32x32").hasMessageContaining("64x64");
  }

  @Test
  void sizesMayBePlainNumbersAsInOlderConfigurations() throws IOException {
    checkpoint.edit("preprocessor_config.json", json -> json.put("size", 64).put("crop_size", 64));

    assertThat(checkpoint.open().pixels()).isEqualTo(PixelSpec.clip(64));
  }

  @Test
  void aSizeThatCannotBeFollowedIsRefusedWithThoseThatCan() throws IOException {
    for (List<String> keys :
        List.of(
            List.of("longest_edge"), List.of("shortest_edge", "longest_edge"), List.of("height"))) {
      checkpoint.edit(
          "preprocessor_config.json",
          json -> {
            ObjectNode size = json.putObject("size");
            keys.forEach(key -> size.put(key, 64));
          });

      checkpoint
          .assertRefused()
          .hasMessageContaining("preprocessor_config.json: size is {\"" + keys.get(0))
          .hasMessageContaining("shortest_edge")
          .hasMessageContaining("\"height\", \"width\"");
    }
  }

  @Test
  void aStepOfPreprocessingThatIsNotKnownIsRefusedUnlessItIsOff() throws IOException {
    checkpoint.edit("preprocessor_config.json", json -> json.put("do_pad", false));
    assertThat(checkpoint.open().pixels()).isEqualTo(PixelSpec.clip(64));

    checkpoint.edit("preprocessor_config.json", json -> json.put("do_pad", true));
    checkpoint
        .assertRefused()
        .hasMessageContaining("do_pad is true")
        .hasMessageContaining("do_center_crop");
  }

  @Test
  void anInterpolationThatThereIsNotIsRefused() throws IOException {
    checkpoint.edit("preprocessor_config.json", json -> json.put("resample", 6));

    checkpoint
        .assertRefused()
        .hasMessageContaining("resample is 6")
        .hasMessageContaining("from 0 to 5");
  }

  @Test
  void thePreprocessingOfAnotherModelIsRefused() throws IOException {
    checkpoint.edit(
        "preprocessor_config.json",
        json -> json.put("image_processor_type", "SiglipImageProcessor"));

    checkpoint
        .assertRefused()
        .hasMessageContaining("SiglipImageProcessor")
        .hasMessageContaining("CLIP's own");
  }

  @Test
  void everyFlagOfThePreprocessingIsRead() throws IOException {
    checkpoint.edit(
        "preprocessor_config.json",
        json -> {
          json.putObject("size").put("height", 64).put("width", 64);
          json.put("do_center_crop", false).put("do_rescale", false).put("do_normalize", false);
          json.put("resample", 2);
        });
    PixelSpec spec = checkpoint.open().pixels();

    assertThat(spec.resize()).isEqualTo(new PixelSpec.ToSize(new PixelSpec.Size(64, 64)));
    assertThat(spec.crop()).isNull();
    assertThat(spec.filter()).isEqualTo(ResampleFilter.BILINEAR);
    assertThat(spec.rescaleFactor()).isEqualTo(1);
    assertThat(spec.mean()).containsExactly(0., 0., 0.);
    assertThat(spec.std()).containsExactly(1., 1., 1.);
  }

  @Test
  void thePreprocessingMayStandInProcessorConfigJson() throws IOException {
    Path own = folder.resolve("preprocessor_config.json");
    JsonNode json = MAPPER.readTree(own.toFile());
    Files.delete(own);
    MAPPER.writeValue(
        folder.resolve("processor_config.json").toFile(),
        MAPPER.createObjectNode().set("image_processor", json));

    assertThat(checkpoint.open().pixels()).isEqualTo(PixelSpec.clip(64));
  }
}
