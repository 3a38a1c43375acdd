package dev.tagstream.topology.cli;

import dev.tagstream.model.ComputeChoice;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.runtime.DeviceChoice;
import picocli.CommandLine.Option;

/** Where, and in which number format, a command that loads a model by itself runs it. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto, cpu or cuda:N. Default: auto.")
  private String device = "auto";

  @Option(
      names = "--compute",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description = "auto (F16 on CUDA, F32 on a CPU), f32 or f16. Default: auto.")
  private String compute = "auto";

  /** The model's usual options, on that device and in that format. */
  ModelOptions options() {
    try {
      return ModelOptions.defaults()
          .on(DeviceChoice.parse(device))
          .computing(ComputeChoice.parse(compute));
    } catch (IllegalArgumentException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }
}
