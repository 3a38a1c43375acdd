package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.RandomCheckpoint;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.image.ResampleFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code open_clip_config.json} may say, and what is refused. */
class OpenClipConfigTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void writeAGoodCheckpoint() throws IOException {
    Path huggingFace = temporary.resolve("hugging-face");
    folder = temporary.resolve("open-clip");
    RandomCheckpoint.write(huggingFace, CheckpointShape.named("tiny"), 1);
    OpenClipCheckpoint.write(huggingFace, folder);
  }

  @Test
  void sizesAreReadAsTheConfigurationHasThem() {
    ClipConfig expected = CheckpointShape.named("tiny").config();
    ClipConfig config = CheckpointFolder.open(folder).config();

    assertThat(config.vision()).isEqualTo(expected.vision());
    assertThat(config.text()).isEqualTo(expected.text());
    assertThat(config.imageSize()).isEqualTo(64);
    assertThat(config.projectionDimension()).isEqualTo(32);
  }

  @Test
  void theActivationIsTheExactOneUnlessQuickGeluIsAskedFor() throws IOException {
    edit(json -> json.withObject("/model_cfg").remove("quick_gelu"));

    assertThat(CheckpointFolder.open(folder).config().vision().activation())
        .isEqualTo(Activation.GELU);
  }

  @Test
  void absentFieldsTakeOpenClipsDefaults() throws IOException {
    Path file = Files.writeString(temporary.resolve("c"), "{\"model_cfg\": {\"embed_dim\": 512}}");
    ClipConfig config = OpenClipConfigReader.read(JsonSection.read(file));

    ClipConfig b16 = CheckpointShape.named("vit-b-16").config();
    assertThat(config.patchSize()).isEqualTo(16);
    assertThat(config.vision().heads()).isEqualTo(b16.vision().heads());
    assertThat(config.vision().mlpWidth()).isEqualTo(b16.vision().mlpWidth());
    assertThat(config.text().heads()).isEqualTo(b16.text().heads());
    assertThat(config.contextLength()).isEqualTo(77);
    assertThat(config.vocabularySize()).isEqualTo(49408);
  }

  @Test
  void preprocessingIsOpenClipsOwnWhereNothingIsSaid() throws IOException {
    edit(json -> json.remove("preprocess_cfg"));
    PixelSpec spec = CheckpointFolder.open(folder).pixels();

    assertThat(spec.resize()).isEqualTo(new PixelSpec.ShortestEdge(64));
    assertThat(spec.crop()).isEqualTo(new PixelSpec.Size(64, 64));
    assertThat(spec.cropRounding()).isEqualTo(PixelSpec.CropRounding.HALF_EVEN);
    assertThat(spec.filter()).isEqualTo(ResampleFilter.BICUBIC);
    assertThat(spec.mean()).isEqualTo(PixelSpec.CLIP_MEAN);
    assertThat(spec.std()).isEqualTo(PixelSpec.CLIP_STD);
  }

  @Test
  void preprocessingIsReadAsTheConfigurationHasIt() throws IOException {
    edit(
        json -> {
          ObjectNode pixels = json.withObject("/preprocess_cfg");
          pixels.put("resize_mode", "squash").put("interpolation", "bilinear").put("size", 64);
          pixels.putArray("mean").add(0.5).add(0.25).add(0.125);
          pixels.putArray("std").add(1).add(2).add(3);
        });
    PixelSpec spec = CheckpointFolder.open(folder).pixels();

    assertThat(spec.resize()).isEqualTo(new PixelSpec.ToSize(new PixelSpec.Size(64, 64)));
    assertThat(spec.crop()).isNull();
    assertThat(spec.filter()).isEqualTo(ResampleFilter.BILINEAR);
    assertThat(spec.mean()).containsExactly(0.5, 0.25, 0.125);
    assertThat(spec.std()).containsExactly(1., 2., 3.);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/model_cfg            | custom_text        | true       | left out",
        "/model_cfg            | init_logit_bias    | -10        | left out",
        "/model_cfg            | from_the_future    | 7          | embed_dim, ",
        "/model_cfg            | multimodal_cfg     | {\"a\":1}  | left out",
        "/model_cfg/vision_cfg | timm_model_name    | \"vit\"    | left out",
        "/model_cfg/vision_cfg | attentional_pool   | true       | left out",
        "/model_cfg/vision_cfg | no_ln_pre          | true       | left out",
        "/model_cfg/vision_cfg | ls_init_value      | 0.1        | left out",
        "/model_cfg/vision_cfg | pool_type          | \"avg\"    | tok",
        "/model_cfg/vision_cfg | pos_embed_type     | \"sin\"    | learnable",
        "/model_cfg/vision_cfg | act_kwargs         | {\"a\":1}  | left out",
        "/model_cfg/vision_cfg | norm_kwargs.weird  | 1          | eps",
        "/model_cfg/vision_cfg | layers             | [3,4,6,3]  | a whole number",
        "/model_cfg/vision_cfg | image_size         | [64,96]    | two equal ones",
        "/model_cfg/vision_cfg | head_width         | 48         | a divisor of width",
        "/model_cfg/text_cfg   | hf_model_name      | \"bert\"   | left out",
        "/model_cfg/text_cfg   | no_causal_mask     | true       | left out",
        "/model_cfg/text_cfg   | embed_cls          | true       | left out",
        "/model_cfg/text_cfg   | pool_type          | \"last\"   | argmax",
        "/model_cfg/text_cfg   | proj_bias          | true       | left out",
        "/model_cfg/text_cfg   | tokenizer_kwargs   | {\"c\":1}  | left out",
        "/model_cfg/text_cfg   | heads              | 5          | a divisor of width",
        "/preprocess_cfg       | resize_mode        | \"fill\"   | shortest, longest or squash",
        "/preprocess_cfg       | interpolation      | \"random\" | bicubic or bilinear",
        "/preprocess_cfg       | fill_color         | 255        | left out",
        "/preprocess_cfg       | mode               | \"L\"      | RGB",
        "/preprocess_cfg       | size               | 96         | image_size, which is 64",
        "/preprocess_cfg       | std                | [1,0,1]    | above 0",
      })
  void whatCannotBeFollowedIsRefusedWithKeyValueAndWhatCan(
      String section, String key, String value, String allowed) throws IOException {
    edit(
        json -> {
          String pointer = (section + "/" + key.replace('.', '/')).strip();
          int last = pointer.lastIndexOf('/');
          json.withObject(pointer.substring(0, last))
              .set(pointer.substring(last + 1), MAPPER.readTree(value));
        });

    assertRefused()
        .hasMessageContaining("open_clip_config.json: ")
        .hasMessageContaining(key + " is " + value)
        .hasMessageContaining(allowed);
  }

  @Test
  void whatIsSwitchedOffIsNoReasonToRefuse() throws IOException {
    edit(
        json -> {
          ObjectNode vision = json.withObject("/model_cfg/vision_cfg");
          vision.put("attentional_pool", false).putNull("timm_model_name").put("qk_norm", false);
          json.withObject("/model_cfg").put("custom_text", false).putNull("init_logit_bias");
        });

    assertThat(CheckpointFolder.open(folder).layout()).isEqualTo(CheckpointLayout.OPEN_CLIP);
  }

  @Test
  void aMissingConfigurationIsNamed() throws IOException {
    Files.delete(folder.resolve("open_clip_config.json"));

    assertRefused().hasMessageContaining("There is no open_clip_config.json");
  }

  @Test
  void aMissingTensorIsNamedAsTheFileWouldCallIt() throws IOException {
    edit(json -> json.withObject("/model_cfg/vision_cfg").put("layers", 3));

    assertRefused()
        .hasMessageContaining("open_clip_model.safetensors has no tensor")
        .hasMessageContaining("visual.transformer.resblocks.2.ln_1.weight")
        .hasMessageContaining("open_clip_config.json asks for");
  }

  @Test
  void aMisshapenTensorIsNamedAsTheFileCallsIt() throws IOException {
    edit(json -> json.withObject("/model_cfg").put("embed_dim", 16));

    assertRefused()
        .hasMessageContaining("open_clip_model.safetensors: tensor visual.proj has shape [64, 32]")
        .hasMessageContaining("[64, 16]");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(CheckpointException.class);
  }

  private interface Edit {
    void apply(ObjectNode json) throws IOException;
  }

  private void edit(Edit change) throws IOException {
    Path file = folder.resolve("open_clip_config.json");
    ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
    change.apply(json);
    MAPPER.writeValue(file.toFile(), json);
  }
}
