package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.image.PixelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
  @TempDir private Path folder;
  private EditedCheckpoint checkpoint = new EditedCheckpoint(Path.of(""));

  @BeforeEach
  void writeAGoodCheckpoint() throws IOException {
    checkpoint = EditedCheckpoint.good(folder);
  }

  @Test
  void aGoodFolderOpens() {
    CheckpointFolder opened = checkpoint.open();

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
      checkpoint.assertRefused().hasMessageContaining("There is no " + file);
      Files.write(folder.resolve(file), contents);
    }
  }

  @Test
  void weightsInPyTorchsOldFormatAreRefusedWithWhatToDo() throws IOException {
    Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));

    checkpoint.assertRefused().hasMessageContaining("pytorch_model.bin is not a zip file");
  }

  @Test
  void anUnknownActivationIsRefusedWithThoseThereAre() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "vision_config").put("hidden_act", "swish"));

    checkpoint
        .assertRefused()
        .hasMessageContaining("config.json: vision_config.hidden_act")
        .hasMessageContaining("swish")
        .hasMessageContaining("quick_gelu, gelu");
  }

  @Test
  void anotherModelTypeIsRefused() throws IOException {
    checkpoint.edit("config.json", json -> json.put("model_type", "siglip"));

    checkpoint.assertRefused().hasMessageContaining("siglip").hasMessageContaining("clip");
  }

  @Test
  void aNumberOutOfRangeIsRefusedWithKeyValueAndRange() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "text_config").put("num_hidden_layers", -3));

    checkpoint
        .assertRefused()
        .hasMessageContaining("text_config.num_hidden_layers is -3")
        .hasMessageContaining("from 1 to");
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "text_config").put("num_attention_heads", 5));

    checkpoint
        .assertRefused()
        .hasMessageContaining("num_attention_heads is 5")
        .hasMessageContaining("64");
  }

  @Test
  void jsonThatIsCutOffIsRefusedWithTheFilesName() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": ");

    checkpoint.assertRefused().hasMessageContaining("config.json is not valid JSON");
  }

  @Test
  void aConfigurationThatTheWeightsDoNotFitIsRefusedWithTheTensor() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "vision_config").put("intermediate_size", 128));

    checkpoint
        .assertRefused()
        .hasMessageContaining("vision_model.encoder.layers.0.mlp.fc1.weight")
        .hasMessageContaining("[256, 64]")
        .hasMessageContaining("[128, 64]");
  }

  @Test
  void aLayerThatTheWeightsLackIsRefusedWithTheTensor() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "text_config").put("num_hidden_layers", 3));

    checkpoint
        .assertRefused()
        .hasMessageContaining("no tensor text_model.encoder.layers.2.layer_norm1.weight");
  }

  @Test
  void aLayerMoreThanTheConfigurationHasIsRefusedWithTheTensor() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> EditedCheckpoint.object(json, "vision_config").put("num_hidden_layers", 1));

    checkpoint
        .assertRefused()
        .hasMessageContaining("vision_model.encoder.layers.1.")
        .hasMessageContaining("no use for");
  }

  @Test
  void theOlderTextConfigDictGoesBeforeTextConfig() throws IOException {
    checkpoint.edit(
        "config.json",
        json -> {
          json.set("text_config_dict", EditedCheckpoint.object(json, "text_config").deepCopy());
          EditedCheckpoint.object(json, "text_config").put("hidden_size", 4096);
        });

    assertThat(checkpoint.open().config().text().width()).isEqualTo(64);
  }

  @Test
  void absentFieldsTakeHuggingFacesDefaults() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"model_type\": \"clip\"}");

    assertThat(ClipConfigReader.read(JsonSection.read(file)))
        .isEqualTo(CheckpointShape.named("vit-b-32").config());
  }
}
