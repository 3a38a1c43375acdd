package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.SafetensorsWriter;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.text.ByteLevelVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes checkpoint folders of real sizes whose weights are random: what they cost to load and run
 * is real, what they say of a picture is not.
 *
 * <p>The same shape and seed give the same bytes on every machine.
 */
public final class RandomCheckpoint {
  private RandomCheckpoint() {}

  /**
   * Writes a checkpoint in the Hugging Face layout.
   *
   * @param folder is created where it is missing; files of a checkpoint in it are replaced
   * @throws IOException if it cannot be written
   */
  public static void write(Path folder, CheckpointShape shape, long seed) throws IOException {
    ClipConfig config = shape.config();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), configJson(config));
    Files.writeString(
        folder.resolve("preprocessor_config.json"), preprocessorJson(config.imageSize()));
    int end = config.eosTokenId();
    Files.writeString(
        folder.resolve("tokenizer.json"),
        new ByteLevelVocabulary(List.of(), end - 1, end).toTokenizerJson());
    Files.writeString(
        folder.resolve("README.md"),
        "---\nlicense: cc0-1.0\n---\n# Random weights, seed "
            + seed
            + "\n\nFor measuring and testing: what it says of a picture means nothing.\n");
    SafetensorsWriter.writeRandom(folder.resolve("model.safetensors"), shape, seed);
  }

  private static String configJson(ClipConfig config) {
    return """
        {
          "architectures": ["CLIPModel"],
          "model_type": "clip",
          "projection_dim": %d,
          "logit_scale_init_value": 2.6592,
          "text_config": {
            "model_type": "clip_text_model",
            "vocab_size": %d,
            "max_position_embeddings": %d,
            "bos_token_id": %d,
            "eos_token_id": %d,
            %s
          },
          "vision_config": {
            "model_type": "clip_vision_model",
            "image_size": %d,
            "patch_size": %d,
            "num_channels": 3,
            %s
          }
        }
        """
        .formatted(
            config.projectionDimension(),
            config.vocabularySize(),
            config.contextLength(),
            config.eosTokenId() - 1,
            config.eosTokenId(),
            towerJson(config.text(), config),
            config.imageSize(),
            config.patchSize(),
            towerJson(config.vision(), config));
  }

  private static String towerJson(TowerConfig tower, ClipConfig config) {
    return """
        "hidden_size": %d,
            "num_hidden_layers": %d,
            "num_attention_heads": %d,
            "intermediate_size": %d,
            "projection_dim": %d,
            "hidden_act": "%s",
            "layer_norm_eps": %s"""
        .formatted(
            tower.width(),
            tower.layers(),
            tower.heads(),
            tower.mlpWidth(),
            config.projectionDimension(),
            tower.activation().configName(),
            String.format(Locale.ROOT, "%.1e", tower.layerNormEpsilon()));
  }

  private static String preprocessorJson(int size) {
    return """
        {
          "image_processor_type": "CLIPImageProcessor",
          "do_resize": true,
          "size": {"shortest_edge": %1$d},
          "resample": 3,
          "do_center_crop": true,
          "crop_size": {"height": %1$d, "width": %1$d},
          "do_rescale": true,
          "rescale_factor": 0.00392156862745098,
          "do_normalize": true,
          "image_mean": [0.48145466, 0.4578275, 0.40821073],
          "image_std": [0.26862954, 0.26130258, 0.27577711],
          "do_convert_rgb": true
        }
        """
        .formatted(size);
  }
}
