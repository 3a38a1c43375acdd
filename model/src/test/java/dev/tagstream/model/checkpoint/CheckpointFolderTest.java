package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.ResampleFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path folder;

  @BeforeEach
  void writeAGoodCheckpoint() throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
  }

  @Test
  void aGoodFolderOpens() {
    CheckpointFolder opened = CheckpointFolder.open(folder);

    assertThat(opened.config()).isEqualTo(CheckpointShape.named("tiny").config());
    assertThat(opened.pixels()).isEqualTo(PixelSpec.clip(64));
    assertThat(opened.licence()).contains("cc0-1.0");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> CheckpointFolder.open(folder.resolve("nowhere")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("There is no checkpoint folder")
        .hasMessageContaining("nowhere");
  }

  @Test
  void aFileInPlaceOfAFolderIsRefused() {
    assertThatThrownBy(() -> CheckpointFolder.open(folder.resolve("config.json")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("name the folder");
  }

  @Test
  void eachMissingFileIsNamed() throws IOException {
    for (String file :
        new String[] {
          "config.json", "preprocessor_config.json", "tokenizer.json", "model.safetensors"
        }) {
      byte[] contents = Files.readAllBytes(folder.resolve(file));
      Files.delete(folder.resolve(file));
      assertRefused().hasMessageContaining("There is no " + file);
      Files.write(folder.resolve(file), contents);
    }
  }

  @Test
  void weightsInPyTorchsOldFormatAreRefusedWithWhatToDo() throws IOException {
    Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));

    assertRefused().hasMessageContaining("pytorch_model.bin is not a zip file");
  }

  @Test
  void anUnknownActivationIsRefusedWithThoseThereAre() throws IOException {
    edit("config.json", json -> object(json, "vision_config").put("hidden_act", "swish"));

    assertRefused()
        .hasMessageContaining("config.json: vision_config.hidden_act")
        .hasMessageContaining("swish")
        .hasMessageContaining("quick_gelu, gelu");
  }

  @Test
  void anotherModelTypeIsRefused() throws IOException {
    edit("config.json", json -> json.put("model_type", "siglip"));

    assertRefused().hasMessageContaining("siglip").hasMessageContaining("clip");
  }

  @Test
  void aNumberOutOfRangeIsRefusedWithKeyValueAndRange() throws IOException {
    edit("config.json", json -> object(json, "text_config").put("num_hidden_layers", -3));

    assertRefused()
        .hasMessageContaining("text_config.num_hidden_layers is -3")
        .hasMessageContaining("from 1 to");
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() throws IOException {
    edit("config.json", json -> object(json, "text_config").put("num_attention_heads", 5));

    assertRefused().hasMessageContaining("num_attention_heads is 5").hasMessageContaining("64");
  }

  @Test
  void jsonThatIsCutOffIsRefusedWithTheFilesName() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": ");

    assertRefused().hasMessageContaining("config.json is not valid JSON");
  }

  @Test
  void aConfigurationThatTheWeightsDoNotFitIsRefusedWithTheTensor() throws IOException {
    edit("config.json", json -> object(json, "vision_config").put("intermediate_size", 128));

    assertRefused()
        .hasMessageContaining("vision_model.encoder.layers.0.mlp.fc1.weight")
        .hasMessageContaining("[256, 64]")
        .hasMessageContaining("[128, 64]");
  }

  @Test
  void aLayerThatTheWeightsLackIsRefusedWithTheTensor() throws IOException {
    edit("config.json", json -> object(json, "text_config").put("num_hidden_layers", 3));

    assertRefused()
        .hasMessageContaining("no tensor text_model.encoder.layers.2.layer_norm1.weight");
  }

  @Test
  void aLayerMoreThanTheConfigurationHasIsRefusedWithTheTensor() throws IOException {
    edit("config.json", json -> object(json, "vision_config").put("num_hidden_layers", 1));

    assertRefused()
        .hasMessageContaining("vision_model.encoder.layers.1.")
        .hasMessageContaining("no use for");
  }

  @Test
  void imagesOfAnotherSizeThanTheModelsAreRefused() throws IOException {
    edit("preprocessor_config.json", json -> json.put("crop_size", 32));

    assertRefused().hasMessageContaining("32x32").hasMessageContaining("64x64");
  }

  @Test
  void sizesMayBePlainNumbersAsInOlderConfigurations() throws IOException {
    edit("preprocessor_config.json", json -> json.put("size", 64).put("crop_size", 64));

    assertThat(CheckpointFolder.open(folder).pixels()).isEqualTo(PixelSpec.clip(64));
  }

  @Test
  void aSizeThatCannotBeFollowedIsRefusedWithThoseThatCan() throws IOException {
    for (List<String> keys :
        List.of(
            List.of("longest_edge"), List.of("shortest_edge", "longest_edge"), List.of("height"))) {
      edit(
          "preprocessor_config.json",
          json -> {
            ObjectNode size = json.putObject("size");
            keys.forEach(key -> size.put(key, 64));
          });

      assertRefused()
          .hasMessageContaining("preprocessor_config.json: size is {\"" + keys.get(0))
          .hasMessageContaining("shortest_edge")
          .hasMessageContaining("\"height\", \"width\"");
    }
  }

  @Test
  void aStepOfPreprocessingThatIsNotKnownIsRefusedUnlessItIsOff() throws IOException {
    edit("preprocessor_config.json", json -> json.put("do_pad", false));
    assertThat(CheckpointFolder.open(folder).pixels()).isEqualTo(PixelSpec.clip(64));

    edit("preprocessor_config.json", json -> json.put("do_pad", true));
    assertRefused().hasMessageContaining("do_pad is true").hasMessageContaining("do_center_crop");
  }

  @Test
  void anInterpolationThatThereIsNotIsRefused() throws IOException {
    edit("preprocessor_config.json", json -> json.put("resample", 6));

    assertRefused().hasMessageContaining("resample is 6").hasMessageContaining("from 0 to 5");
  }

  @Test
  void thePreprocessingOfAnotherModelIsRefused() throws IOException {
    edit(
        "preprocessor_config.json",
        json -> json.put("image_processor_type", "SiglipImageProcessor"));

    assertRefused().hasMessageContaining("SiglipImageProcessor").hasMessageContaining("CLIP's own");
  }

  @Test
  void everyFlagOfThePreprocessingIsRead() throws IOException {
    edit(
        "preprocessor_config.json",
        json -> {
          json.putObject("size").put("height", 64).put("width", 64);
          json.put("do_center_crop", false).put("do_rescale", false).put("do_normalize", false);
          json.put("resample", 2);
        });
    PixelSpec spec = CheckpointFolder.open(folder).pixels();

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

    assertThat(CheckpointFolder.open(folder).pixels()).isEqualTo(PixelSpec.clip(64));
  }

  @Test
  void theOlderTextConfigDictGoesBeforeTextConfig() throws IOException {
    edit(
        "config.json",
        json -> {
          json.set("text_config_dict", object(json, "text_config").deepCopy());
          object(json, "text_config").put("hidden_size", 4096);
        });

    assertThat(CheckpointFolder.open(folder).config().text().width()).isEqualTo(64);
  }

  @Test
  void absentFieldsTakeHuggingFacesDefaults() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"model_type\": \"clip\"}");

    assertThat(ClipConfigReader.read(JsonSection.read(file)))
        .isEqualTo(CheckpointShape.named("vit-b-32").config());
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(CheckpointException.class);
  }

  private void edit(String name, Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve(name);
    ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
    change.accept(json);
    MAPPER.writeValue(file.toFile(), json);
  }

  private static ObjectNode object(ObjectNode json, String key) {
    return (ObjectNode) json.path(key);
  }
}
