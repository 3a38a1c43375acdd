package dev.tagstream.model.checkpoint;

import dev.tagstream.model.checkpoint.TorchPickle.Global;
import dev.tagstream.model.checkpoint.TorchPickle.Storage;
import dev.tagstream.model.checkpoint.TorchPickle.Tensor;
import dev.tagstream.model.checkpoint.TorchPickle.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only names that a PyTorch state dictionary may refer to, and what calling one of them means.
 */
final class TorchNames {
  private static final String DICTIONARY = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final int MAX_DIMENSIONS = 8;

  private static final Map<String, WeightType> WEIGHTS =
      Map.of(
          "torch.FloatStorage", WeightType.F32,
          "torch.HalfStorage", WeightType.F16,
          "torch.BFloat16Storage", WeightType.BF16);

  /** Storages that no weight of a model lies in; what they hold is left alone. */
  private static final List<String> BUFFERS =
      List.of(
          "torch.DoubleStorage",
          "torch.LongStorage",
          "torch.IntStorage",
          "torch.ShortStorage",
          "torch.CharStorage",
          "torch.ByteStorage",
          "torch.BoolStorage");

  private TorchNames() {}

  /** The number format of a storage, where weights may have it. */
  static Optional<WeightType> weightType(Storage storage) {
    return Optional.ofNullable(WEIGHTS.get(storage.type()));
  }

  static Global known(String file, String name) {
    boolean known =
        List.of(DICTIONARY, TENSOR, PARAMETER).contains(name)
            || WEIGHTS.containsKey(name)
            || BUFFERS.contains(name);
    if (!known) {
      throw refused(file, "refers to `" + printable(name) + "`, which is not a tensor");
    }
    return new Global(name);
  }

  static Object call(String file, Global function, List<Object> arguments) {
    if (function.name().equals(DICTIONARY) && arguments.isEmpty()) {
      return new LinkedHashMap<>();
    }
    if (function.name().equals(PARAMETER)
        && !arguments.isEmpty()
        && arguments.get(0) instanceof Tensor tensor) {
      return tensor;
    }
    if (function.name().equals(TENSOR)
        && arguments.size() >= 4
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof Tuple shape
        && arguments.get(3) instanceof Tuple strides) {
      return new Tensor(storage, offset, numbers(file, shape), numbers(file, strides));
    }
    throw refused(file, "calls `" + function.name() + "` in a way that makes no tensor");
  }

  static CheckpointException refused(String file, String what) {
    return new CheckpointException(
        file
            + " "
            + what
            + ": refused. Only a plain dictionary of tensors is read, and nothing in it is executed;"
            + " safetensors files are safer still.");
  }

  private static List<Long> numbers(String file, Tuple tuple) {
    List<Long> numbers = new ArrayList<>();
    for (Object value : tuple.values()) {
      if (!(value instanceof Long number) || number < 0) {
        throw refused(file, "has a tensor whose sizes are no whole numbers from 0");
      }
      numbers.add(number);
    }
    if (numbers.size() > MAX_DIMENSIONS) {
      throw refused(file, "has a tensor of " + numbers.size() + " dimensions");
    }
    return numbers;
  }

  private static String printable(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= 100 ? plain : plain.substring(0, 100) + "...";
  }
}
