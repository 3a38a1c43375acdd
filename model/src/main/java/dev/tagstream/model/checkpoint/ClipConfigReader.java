package dev.tagstream.model.checkpoint;

/**
 * Reads {@code config.json}. Absent fields take the defaults of Hugging Face's {@code
 * CLIPTextConfig} and {@code CLIPVisionConfig}, because {@code save_pretrained} may leave out what
 * equals them; the older {@code text_config_dict} and {@code vision_config_dict} go before {@code
 * text_config} and {@code vision_config}, as they do there.
 */
final class ClipConfigReader {
  private static final int MAX_SIZE = 1 << 20;
  private static final int MAX_LAYERS = 1024;

  private ClipConfigReader() {}

  static ClipConfig read(JsonSection root) {
    String type = root.text("model_type", "clip");
    if (!type.equals("clip")) {
      throw new CheckpointException(
          root.path("model_type")
              + " is \""
              + type
              + "\"; only checkpoints of model type \"clip\" (Hugging Face CLIPModel) can be run.");
    }
    JsonSection vision = tower(root, "vision_config");
    JsonSection text = tower(root, "text_config");
    int channels = vision.integer("num_channels", 1, MAX_SIZE, ClipConfig.CHANNELS);
    if (channels != ClipConfig.CHANNELS) {
      throw vision.refusal("num_channels", "3, for RGB");
    }
    int imageSize = vision.integer("image_size", 1, 4096, 224);
    int patchSize = vision.integer("patch_size", 1, 4096, 32);
    if (patchSize > imageSize) {
      throw vision.refusal("patch_size", "at most image_size, " + imageSize);
    }
    return new ClipConfig(
        transformer(vision, 768, 3072, 12, 12),
        imageSize,
        patchSize,
        transformer(text, 512, 2048, 12, 8),
        text.integer("vocab_size", 1, 1 << 24, 49408),
        text.integer("max_position_embeddings", 2, 1024, 77),
        text.integer("eos_token_id", 0, 1 << 24, 49407),
        root.integer("projection_dim", 1, MAX_SIZE, 512));
  }

  private static JsonSection tower(JsonSection root, String key) {
    return root.section(key).overriddenBy(root.section(key + "_dict"));
  }

  private static TowerConfig transformer(
      JsonSection section, int width, int mlpWidth, int layers, int heads) {
    TowerConfig tower =
        new TowerConfig(
            section.integer("hidden_size", 1, MAX_SIZE, width),
            section.integer("num_hidden_layers", 1, MAX_LAYERS, layers),
            section.integer("num_attention_heads", 1, MAX_SIZE, heads),
            section.integer("intermediate_size", 1, MAX_SIZE, mlpWidth),
            Activation.fromConfig(
                section.text("hidden_act", "quick_gelu"), section.path("hidden_act")),
            (float) section.number("layer_norm_eps", 0, 1, 1e-5));
    if (tower.width() % tower.heads() != 0) {
      throw section.refusal(
          "num_attention_heads", "a divisor of hidden_size, which is " + tower.width());
    }
    return tower;
  }
}
