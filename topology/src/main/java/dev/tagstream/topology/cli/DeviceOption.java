package dev.tagstream.topology.cli;

import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.runtime.DeviceChoice;
import picocli.CommandLine.Option;

/** Where a command that loads a model by itself runs it. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu or cuda:N. Default: auto.")
  private String device = "auto";

  /** The model's usual options, on that device. */
  ModelOptions options() {
    try {
      return ModelOptions.defaults().on(DeviceChoice.parse(device));
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }
}
