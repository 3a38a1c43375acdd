package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lays a checkpoint of Hugging Face's layout out as OpenCLIP does. */
public final class OpenClipCheckpoint {
  private OpenClipCheckpoint() {}

  /** Writes into {@code folder} what {@code huggingFace} holds. */
  public static void write(Path huggingFace, Path folder) throws IOException {
    Files.createDirectories(folder);
    ClipConfig config = ClipConfigReader.read(JsonSection.read(huggingFace.resolve("config.json")));
    Files.writeString(folder.resolve("open_clip_config.json"), config(config).toPrettyString());
    Files.write(
        folder.resolve("tokenizer.json"),
        Files.readAllBytes(huggingFace.resolve("tokenizer.json")));
    Tensors.read(huggingFace.resolve("model.safetensors"))
        .toOpenClip()
        .write(folder.resolve("open_clip_model.safetensors"));
  }

  private static ObjectNode config(ClipConfig config) {
    ObjectNode root = JsonMapper.builder().build().createObjectNode();
    ObjectNode model = root.putObject("model_cfg").put("embed_dim", config.projectionDimension());
    if (config.vision().activation() == Activation.QUICK_GELU) {
      model.put("quick_gelu", true);
    }
    ObjectNode vision = model.putObject("vision_cfg");
    vision.put("image_size", config.imageSize()).put("patch_size", config.patchSize());
    vision.put("head_width", config.vision().headWidth());
    tower(vision, config.vision());
    ObjectNode text = model.putObject("text_cfg");
    text.put("context_length", config.contextLength()).put("vocab_size", config.vocabularySize());
    text.put("heads", config.text().heads());
    tower(text, config.text());
    ObjectNode pixels = root.putObject("preprocess_cfg");
    pixels.putArray("mean").add(0.48145466).add(0.4578275).add(0.40821073);
    pixels.putArray("std").add(0.26862954).add(0.26130258).add(0.27577711);
    return root;
  }

  private static void tower(ObjectNode section, TowerConfig tower) {
    section.put("width", tower.width()).put("layers", tower.layers());
    section.put("mlp_ratio", tower.mlpWidth() / (double) tower.width());
    section.putObject("norm_kwargs").put("eps", (double) tower.layerNormEpsilon());
  }
}
