package dev.tagstream.model.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The non-linearity between the two linear layers of a transformer block. */
public enum Activation {
  /** {@code x * sigmoid(1.702 x)}, OpenAI's approximation. */
  QUICK_GELU("quick_gelu"),
  /** {@code x * Phi(x)} with the exact Gaussian distribution function. */
  GELU("gelu");

  private final String configName;

  Activation(String configName) {
    this.configName = configName;
  }

  /** The name that {@code hidden_act} has in {@code config.json}. */
  public String configName() {
    return configName;
  }

  static Activation fromConfig(String name, String where) {
    for (Activation activation : values()) {
      if (activation.configName.equals(name)) {
        return activation;
      }
    }
    throw new CheckpointException(
        where
            + " is \""
            + name
            + "\", an activation this version does not know; it knows "
            + Arrays.stream(values()).map(Activation::configName).collect(Collectors.joining(", "))
            + ".");
  }
}
