package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a safetensors header, on its way to a {@link StoredTensor}.
 *
 * @param file the file's name as the checkpoint has it, for messages
 * @param real the real file
 * @param name the tensor's
 * @param type its number format by the header
 * @param shape its dimensions
 * @param begin its first byte, counted from the start of the file
 * @param end one past its last byte, within the file
 */
record TensorEntry(
    String file, Path real, String name, String type, List<Long> shape, long begin, long end) {

  /**
   * Reads an entry.
   *
   * @throws CheckpointException if it is malformed or points out of the file
   */
  static TensorEntry read(
      String file, Path real, String name, JsonNode entry, long dataStart, long fileBytes) {
    JsonNode type = entry.path("dtype");
    JsonNode offsets = entry.path("data_offsets");
    if (!type.isTextual() || offsets.size() != 2) {
      throw malformed(file, name, "an entry without dtype, shape and data_offsets");
    }
    List<Long> shape = shape(file, name, entry.path("shape"));
    long begin = number(file, name, offsets.get(0));
    long end = number(file, name, offsets.get(1));
    if (end < begin) {
      throw malformed(file, name, "data_offsets that end before they begin");
    }
    if (end > fileBytes - dataStart) {
      throw new CheckpointException(
          file
              + " is truncated: tensor "
              + name
              + " ends at byte "
              + (dataStart + end)
              + ", the file has "
              + fileBytes
              + ". Download it again.");
    }
    return new TensorEntry(
        file, real, name, type.textValue(), shape, dataStart + begin, dataStart + end);
  }

  /** The tensor, or nothing when its number format is none that weights are stored in. */
  Optional<StoredTensor> weight() {
    Optional<WeightType> known = weightType(type);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    long bytes = end - begin;
    if (elements(shape) != bytes / (double) known.get().bytes()) {
      throw malformed(
          file,
          name,
          "shape " + shape + " as " + known.get() + ", which does not take " + bytes + " bytes");
    }
    return Optional.of(new StoredTensor(name, known.get(), shape, real, begin, bytes, false));
  }

  private static List<Long> shape(String file, String name, JsonNode array) {
    if (!array.isArray()) {
      throw malformed(file, name, "no shape");
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode dimension : array) {
      shape.add(number(file, name, dimension));
    }
    return shape;
  }

  private static long number(String file, String name, JsonNode number) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw malformed(
          file, name, "the size or offset " + number + ", which is not a whole number from 0");
    }
    return number.longValue();
  }

  /** As a double: a product of hostile dimensions may pass what a long holds. */
  private static double elements(List<Long> shape) {
    double product = 1;
    for (long dimension : shape) {
      product *= dimension;
    }
    return product;
  }

  private static Optional<WeightType> weightType(String dtype) {
    for (WeightType type : WeightType.values()) {
      if (type.name().equals(dtype)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static CheckpointException malformed(String file, String name, String what) {
    return new CheckpointException(
        file + " is not a valid safetensors file: tensor " + name + " has " + what + ".");
  }
}
