package dev.tagstream.model.checkpoint;

import java.util.List;

/**
 * The sizes of a checkpoint to be made up, see {@link RandomCheckpoint}.
 *
 * @param config sizes and activations
 * @param type the number format that weights are stored in
 */
public record CheckpointShape(ClipConfig config, WeightType type) {
  private static final int CLIP_CONTEXT = 77;
  private static final int CLIP_VOCABULARY = 49408;

  /** Names that {@link #named} knows. */
  public static List<String> names() {
    return List.of(
        "vit-b-32", "vit-b-32-256", "vit-b-16", "vit-l-14", "vit-l-14-336", "vit-h-14", "tiny");
  }

  /**
   * A shape by name: those of OpenAI's and LAION's published models, or {@code tiny} for tests.
   * Weights are 32-bit floats.
   *
   * @throws IllegalArgumentException for another name, with those there are
   */
  public static CheckpointShape named(String name) {
    return new CheckpointShape(config(name), WeightType.F32);
  }

  /** The same sizes with weights in another number format. */
  public CheckpointShape storedAs(WeightType other) {
    return new CheckpointShape(config, other);
  }

  private static ClipConfig config(String name) {
    return switch (name) {
      case "vit-b-32" -> clip(quick(768, 12, 64), 224, 32, quick(512, 12, 64), 512);
      case "vit-b-32-256" -> clip(exact(768, 12, 64), 256, 32, exact(512, 12, 64), 512);
      case "vit-b-16" -> clip(quick(768, 12, 64), 224, 16, quick(512, 12, 64), 512);
      case "vit-l-14" -> clip(quick(1024, 24, 64), 224, 14, quick(768, 12, 64), 768);
      case "vit-l-14-336" -> clip(quick(1024, 24, 64), 336, 14, quick(768, 12, 64), 768);
      case "vit-h-14" -> clip(exact(1280, 32, 80), 224, 14, exact(1024, 24, 64), 1024);
      case "tiny" ->
          new ClipConfig(quick(64, 2, 32), 64, 16, quick(64, 2, 32), 514, CLIP_CONTEXT, 513, 32);
      default ->
          throw new IllegalArgumentException(
              "There is no shape \"" + name + "\"; there are " + String.join(", ", names()));
    };
  }

  private static ClipConfig clip(
      TowerConfig vision, int imageSize, int patch, TowerConfig text, int dimension) {
    return new ClipConfig(
        vision,
        imageSize,
        patch,
        text,
        CLIP_VOCABULARY,
        CLIP_CONTEXT,
        CLIP_VOCABULARY - 1,
        dimension);
  }

  private static TowerConfig quick(int width, int layers, int headWidth) {
    return tower(width, layers, headWidth, Activation.QUICK_GELU);
  }

  private static TowerConfig exact(int width, int layers, int headWidth) {
    return tower(width, layers, headWidth, Activation.GELU);
  }

  private static TowerConfig tower(int width, int layers, int headWidth, Activation activation) {
    return new TowerConfig(width, layers, width / headWidth, 4 * width, activation, 1e-5f);
  }
}
