package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One entry of a safetensors header, on its way to a {@link StoredTensor}. */
record TensorEntry(String file, String name, JsonNode entry, long dataStart, long fileBytes) {

  /** The tensor, or nothing when its number format is none that weights are stored in. */
  Optional<StoredTensor> weight() {
    JsonNode type = entry.path("dtype");
    JsonNode offsets = entry.path("data_offsets");
    if (!type.isTextual() || offsets.size() != 2) {
      throw malformed("an entry without dtype, shape and data_offsets");
    }
    List<Long> shape = shape();
    long begin = offset(offsets.get(0));
    long end = offset(offsets.get(1));
    if (end < begin) {
      throw malformed("data_offsets that end before they begin");
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
    Optional<WeightType> known = weightType(type.textValue());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    if (elements(shape) != (end - begin) / (double) known.get().bytes()) {
      throw malformed(
          "shape "
              + shape
              + " as "
              + known.get()
              + ", which does not take "
              + (end - begin)
              + " bytes");
    }
    return Optional.of(new StoredTensor(name, known.get(), shape, dataStart + begin, end - begin));
  }

  private List<Long> shape() {
    JsonNode array = entry.path("shape");
    if (!array.isArray()) {
      throw malformed("no shape");
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode dimension : array) {
      shape.add(offset(dimension));
    }
    return shape;
  }

  private long offset(JsonNode number) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw malformed("the size or offset " + number + ", which is not a whole number from 0");
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

  private CheckpointException malformed(String what) {
    return new CheckpointException(
        file + " is not a valid safetensors file: tensor " + name + " has " + what + ".");
  }
}
