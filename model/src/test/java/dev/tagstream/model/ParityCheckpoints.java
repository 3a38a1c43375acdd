package dev.tagstream.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.checkpoint.Activation;
import dev.tagstream.model.checkpoint.CheckpointShape;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.checkpoint.OpenClipCheckpoint;
import dev.tagstream.model.checkpoint.TowerConfig;
import dev.tagstream.model.checkpoint.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Small checkpoints in the proportions of the published ones: the patches, image sizes, head widths
 * and activations are theirs, the towers are narrower and lower.
 */
final class ParityCheckpoints {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ParityCheckpoints() {}

  /** Writes a checkpoint into a folder. */
  interface Writer {
    void write(Path folder) throws IOException;
  }

  /** All checkpoints by name; the name is also what their random weights are drawn from. */
  static Map<String, Writer> byName() {
    Map<String, Writer> all = new LinkedHashMap<>();
    for (WeightType type : WeightType.values()) {
      huggingFace(all, "b32-" + type, new CheckpointShape(b32(), type), pixels -> {});
      huggingFace(all, "h14-" + type, new CheckpointShape(h14(), type), pixels -> {});
    }
    CheckpointShape b16 = f32(Activation.QUICK_GELU, 64, 192, 224, 16);
    CheckpointShape b32at256 = f32(Activation.GELU, 64, 192, 256, 32);
    CheckpointShape h14at224 = f32(Activation.GELU, 80, 160, 224, 14);
    huggingFace(all, "b32-256", b32at256, pixels -> {});
    huggingFace(all, "b16", b16, pixels -> {});
    huggingFace(all, "l14", f32(Activation.QUICK_GELU, 64, 256, 224, 14), pixels -> {});
    huggingFace(all, "l14-336", f32(Activation.QUICK_GELU, 64, 256, 336, 14), pixels -> {});
    huggingFace(all, "h14-224", h14at224, pixels -> {});
    huggingFace(all, "b16-squash", b16, ParityCheckpoints::squashBilinear);
    openClip(all, "open-clip-b32", new CheckpointShape(b32(), WeightType.F32), pixels -> {});
    openClip(all, "open-clip-b32-256", b32at256, pixels -> {});
    openClip(all, "open-clip-h14", h14at224.storedAs(WeightType.F16), pixels -> {});
    openClip(all, "open-clip-squash", b16, pixels -> other(pixels).put("resize_mode", "squash"));
    openClip(all, "open-clip-longest", b16, pixels -> other(pixels).put("resize_mode", "longest"));
    all.put("plip", ParityCheckpoints::plip);
    return all;
  }

  private static void huggingFace(
      Map<String, Writer> all, String name, CheckpointShape shape, Consumer<ObjectNode> change) {
    all.put(
        name,
        folder -> {
          RandomCheckpoint.write(folder, shape, name.hashCode());
          edit(folder.resolve("preprocessor_config.json"), change);
        });
  }

  private static void openClip(
      Map<String, Writer> all, String name, CheckpointShape shape, Consumer<ObjectNode> change) {
    all.put(
        name,
        folder -> {
          Path huggingFace = Path.of("target", "parity-sources", name);
          RandomCheckpoint.write(huggingFace, shape, name.hashCode());
          OpenClipCheckpoint.write(huggingFace, folder);
          edit(
              folder.resolve("open_clip_config.json"),
              json -> change.accept(json.withObject("/preprocess_cfg")));
        });
  }

  /** What torch.save wrote, with the preprocessing and the tokenizer of a random checkpoint. */
  private static void plip(Path folder) throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
    Files.delete(folder.resolve("model.safetensors"));
    for (String name : new String[] {"config.json", "pytorch_model.bin"}) {
      try (InputStream in = ParityCheckpoints.class.getResourceAsStream("torch/plip/" + name)) {
        Files.copy(
            Objects.requireNonNull(in, name),
            folder.resolve(name),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void squashBilinear(ObjectNode pixels) {
    pixels.putObject("size").put("height", 224).put("width", 224);
    pixels.put("do_center_crop", false).put("resample", 2);
    pixels.putArray("image_mean").add(0.485).add(0.456).add(0.406);
    pixels.putArray("image_std").add(0.229).add(0.224).add(0.225);
  }

  private static ObjectNode other(ObjectNode pixels) {
    pixels.put("interpolation", "bilinear");
    pixels.putArray("mean").add(0.485).add(0.456).add(0.406);
    pixels.putArray("std").add(0.229).add(0.224).add(0.225);
    return pixels;
  }

  static ClipConfig b32() {
    TowerConfig vision = new TowerConfig(192, 3, 3, 768, Activation.QUICK_GELU, 1e-5f);
    TowerConfig text = new TowerConfig(128, 3, 2, 512, Activation.QUICK_GELU, 1e-5f);
    return new ClipConfig(vision, 96, 32, text, 514, 77, 513, 64);
  }

  /** The image is not a whole number of patches, so that the rest at the edge is tried as well. */
  private static ClipConfig h14() {
    TowerConfig vision = new TowerConfig(160, 3, 2, 640, Activation.GELU, 1e-5f);
    TowerConfig text = new TowerConfig(128, 2, 2, 512, Activation.GELU, 1e-6f);
    return new ClipConfig(vision, 75, 14, text, 520, 40, 519, 96);
  }

  private static CheckpointShape f32(
      Activation activation, int headWidth, int width, int imageSize, int patchSize) {
    TowerConfig vision = new TowerConfig(width, 2, width / headWidth, 2 * width, activation, 1e-5f);
    TowerConfig text = new TowerConfig(64, 2, 1, 128, activation, 1e-5f);
    ClipConfig config = new ClipConfig(vision, imageSize, patchSize, text, 514, 77, 513, 32);
    return new CheckpointShape(config, WeightType.F32);
  }

  private static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
    change.accept(json);
    MAPPER.writeValue(file.toFile(), json);
  }
}
