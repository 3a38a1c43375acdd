package dev.tagstream.model.checkpoint;

/** How a checkpoint names its tensors and in which files it says what it is. */
public enum CheckpointLayout {
  /** {@code CLIPModel} of Hugging Face's transformers. */
  HUGGING_FACE("Hugging Face", "config.json"),
  /** {@code CLIP} of the OpenCLIP project. */
  OPEN_CLIP("OpenCLIP", "open_clip_config.json");

  private final String displayName;
  private final String configFile;

  CheckpointLayout(String displayName, String configFile) {
    this.displayName = displayName;
    this.configFile = configFile;
  }

  /** What people call it. */
  public String displayName() {
    return displayName;
  }

  /** The file with the sizes of both towers. */
  public String configFile() {
    return configFile;
  }

  /** The layout that the tensors' names belong to. */
  static CheckpointLayout of(WeightFiles weights) {
    return weights.tensors().keySet().stream().anyMatch(name -> name.startsWith("visual."))
        ? OPEN_CLIP
        : HUGGING_FACE;
  }
}
