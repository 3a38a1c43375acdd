package dev.tagstream.model.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model is to run. */
public sealed interface DeviceChoice {

  /** The first CUDA device if this build and machine have one that works, else the CPU. */
  record Auto() implements DeviceChoice {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /** The CPU. */
  record Cpu() implements DeviceChoice {
    @Override
    public String toString() {
      return "cpu";
    }
  }

  /**
   * A CUDA device, or an error where it cannot be used.
   *
   * @param index as CUDA numbers them, from 0
   */
  record Cuda(int index) implements DeviceChoice {
    public Cuda {
      if (index < 0) {
        throw new IllegalArgumentException("A CUDA device has a number from 0, not " + index);
      }
    }

    @Override
    public String toString() {
      return "cuda:" + index;
    }
  }

  /**
   * Reads {@code auto}, {@code cpu} or {@code cuda:N}; {@code cuda} alone means {@code cuda:0}.
   *
   * @throws IllegalArgumentException for anything else, with what is allowed
   */
  static DeviceChoice parse(String text) {
    Matcher cuda = Pattern.compile("cuda(?::(\\d{1,3}))?").matcher(text);
    if (cuda.matches()) {
      String index = cuda.group(1);
      return new Cuda(index == null ? 0 : Integer.parseInt(index));
    }
    return switch (text) {
      case "auto" -> new Auto();
      case "cpu" -> new Cpu();
      default ->
          throw new IllegalArgumentException(
              "device is \"" + text + "\"; it has to be auto, cpu or cuda:N, such as cuda:0");
    };
  }
}
