package dev.tagstream.model.runtime;

import java.util.regex.Pattern;

/** What ONNX Runtime says of a CUDA device that cannot be used, without its codes and sources. */
final class CudaFault {
  private static final Pattern WITHOUT_CODE =
      Pattern.compile("^Error code - \\w+ - message: (?:Ort\\w+: )?");
  private static final Pattern PLACE = Pattern.compile(" ; GPU=.*$");

  private CudaFault() {}

  /** The part for people, in one line. */
  static String of(String message) {
    String line = message.strip().replaceAll("\\s+", " ");
    return PLACE.matcher(WITHOUT_CODE.matcher(line).replaceFirst("")).replaceFirst("");
  }
}
