package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Reads {@code model_cfg} of {@code open_clip_config.json}. Absent fields take the defaults of
 * OpenCLIP's {@code CLIPVisionCfg} and {@code CLIPTextCfg}. What those can say beyond the plain
 * CLIP of the paper (other trunks, pooling, layer scale, ...) is refused by key and value, and so
 * is any key that is not listed here.
 */
final class OpenClipConfigReader {
  private static final int MAX_SIZE = 1 << 20;
  private static final int MAX_LAYERS = 1024;

  /** OpenCLIP reads a prompt's embedding at its highest id, as {@link ClipConfig} marks with 2. */
  private static final int HIGHEST_ID = 2;

  private static final Set<String> MODEL_KEYS =
      Set.of(
          "embed_dim",
          "vision_cfg",
          "text_cfg",
          "quick_gelu",
          "init_logit_scale",
          "nonscalar_logit_scale",
          "cast_dtype",
          "output_dict");

  private static final Set<String> VISION_KEYS =
      Set.of(
          "layers",
          "width",
          "head_width",
          "mlp_ratio",
          "patch_size",
          "image_size",
          "patch_dropout",
          "attn_pooler_queries",
          "attn_pooler_heads",
          "pos_embed_type",
          "final_ln_after_pool",
          "pool_type",
          "norm_kwargs",
          "timm_model_pretrained",
          "timm_pool",
          "timm_proj",
          "timm_proj_bias",
          "timm_drop",
          "timm_drop_path");

  private static final Set<String> TEXT_KEYS =
      Set.of(
          "context_length",
          "vocab_size",
          "hf_tokenizer_name",
          "width",
          "heads",
          "layers",
          "mlp_ratio",
          "pad_id",
          "eos_id",
          "final_ln_after_pool",
          "pool_type",
          "proj_type",
          "norm_kwargs",
          "hf_model_pretrained",
          "hf_proj_type",
          "hf_pooler_type");

  private OpenClipConfigReader() {}

  static ClipConfig read(JsonSection root) {
    JsonSection model = root.section("model_cfg");
    model.refuseKeysBeyond(MODEL_KEYS);
    Activation activation =
        model.flag("quick_gelu", false) ? Activation.QUICK_GELU : Activation.GELU;
    JsonSection vision = model.section("vision_cfg");
    JsonSection text = model.section("text_cfg");
    TowerConfig visionTower = vision(vision, activation);
    TowerConfig textTower = text(text, activation);
    int imageSize = side(vision, "image_size", 224);
    int patchSize = side(vision, "patch_size", 16);
    if (patchSize > imageSize) {
      throw vision.refusal("patch_size", "at most image_size, " + imageSize);
    }
    return new ClipConfig(
        visionTower,
        imageSize,
        patchSize,
        textTower,
        text.integer("vocab_size", 1, 1 << 24, 49408),
        text.integer("context_length", 2, 1024, 77),
        HIGHEST_ID,
        model.integer("embed_dim", 1, MAX_SIZE, null));
  }

  private static TowerConfig vision(JsonSection vision, Activation activation) {
    vision.refuseTextBeyond("pool_type", "tok");
    vision.refuseTextBeyond("pos_embed_type", "learnable");
    vision.refuseKeysBeyond(VISION_KEYS);
    int width = vision.integer("width", 1, MAX_SIZE, 768);
    int headWidth = vision.integer("head_width", 1, MAX_SIZE, 64);
    if (width % headWidth != 0) {
      throw vision.refusal("head_width", "a divisor of width, which is " + width);
    }
    return tower(vision, width, width / headWidth, activation);
  }

  private static TowerConfig text(JsonSection text, Activation activation) {
    text.refuseTextBeyond("pool_type", "argmax");
    text.refuseTextBeyond("proj_type", "linear");
    text.refuseKeysBeyond(TEXT_KEYS);
    int width = text.integer("width", 1, MAX_SIZE, 512);
    int heads = text.integer("heads", 1, MAX_SIZE, 8);
    if (width % heads != 0) {
      throw text.refusal("heads", "a divisor of width, which is " + width);
    }
    return tower(text, width, heads, activation);
  }

  private static TowerConfig tower(
      JsonSection section, int width, int heads, Activation activation) {
    JsonSection norm = section.section("norm_kwargs");
    norm.refuseKeysBeyond(Set.of("eps"));
    return new TowerConfig(
        width,
        section.integer("layers", 1, MAX_LAYERS, 12),
        heads,
        (int) (width * section.number("mlp_ratio", 0.01, 100, 4.)),
        activation,
        (float) norm.number("eps", 0, 1, 1e-5));
  }

  /** A number, or a pair of equal ones. */
  private static int side(JsonSection section, String key, int otherwise) {
    JsonNode value = section.present(key);
    if (value != null && value.isArray()) {
      if (value.size() != 2
          || !value.get(0).equals(value.get(1))
          || !value.get(0).canConvertToInt()
          || value.get(0).intValue() < 1
          || value.get(0).intValue() > 4096) {
        throw section.refusal(key, "a whole number from 1 to 4096, or two equal ones");
      }
      return value.get(0).intValue();
    }
    return section.integer(key, 1, 4096, otherwise);
  }
}
