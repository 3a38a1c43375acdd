package dev.tagstream.model.checkpoint;

import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickle of a PyTorch state dictionary: names, numbers, and where each tensor lies.
 *
 * <p>A pickle is a program for a stack machine that may call any function of Python's. This one
 * knows no function but those that build tensors, calls nothing, and refuses a program at the first
 * name or instruction beyond them. It takes no more memory than a small multiple of the pickle.
 * (Instructions: protocol 2 of Python's {@code pickletools}; persistent ids and names: {@code
 * torch/serialization.py} and {@code torch/_utils.py}.)
 */
final class TorchPickle {

  /** A name that the pickle refers to. */
  record Global(String name) {}

  /** A tuple; like a list, but never changed. */
  record Tuple(List<Object> values) {}

  /** The bytes of one or several tensors: an entry of the zip file. */
  record Storage(String type, String key, long elements) {}

  /** A view of a storage; offset and strides count elements. */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  /** Python's None, which says nothing of the weights. */
  private static final Object NONE = new Object();

  private final String file;
  private final PickleInput in;
  private final PickleStack stack;
  private final Map<Integer, Object> memo = new HashMap<>();

  private TorchPickle(String file, byte[] pickle) {
    this.file = file;
    this.in = new PickleInput(file, pickle);
    this.stack = new PickleStack(file);
  }

  /**
   * The tensors of a state dictionary by name.
   *
   * @param file its name, for messages
   * @throws CheckpointException if the pickle is damaged or is anything but a state dictionary
   */
  static Map<String, Tensor> read(String file, byte[] pickle) {
    TorchPickle reader = new TorchPickle(file, pickle);
    try {
      return reader.tensors(reader.run());
    } catch (BufferUnderflowException e) {
      throw new CheckpointException(file + " is damaged: its pickle ends too early.", e);
    }
  }

  private Map<String, Tensor> tensors(Object result) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (!(result instanceof Map<?, ?> dictionary)) {
      throw refused("holds no dictionary of tensors");
    }
    dictionary.forEach(
        (name, value) -> {
          if (!(value instanceof Tensor tensor)) {
            throw refused("holds \"" + name + "\", which is not a tensor");
          }
          tensors.put(name.toString(), tensor);
        });
    return tensors;
  }

  private Object run() {
    while (true) {
      int opcode = in.oneByte();
      if (opcode == '.') {
        return stack.pop();
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(in.oneByte());
      case '(' -> stack.mark();
      case 'N' -> stack.push(NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'K' -> stack.push((long) in.oneByte());
      case 'M' -> stack.push((long) in.twoBytes());
      case 'J' -> stack.push((long) in.fourBytes());
      case 0x8a -> stack.push(in.number(in.oneByte()));
      case 'G' -> stack.push(in.bigEndianDouble());
      case 'X' -> stack.push(in.text(in.fourBytes()));
      case '}' -> stack.push(new LinkedHashMap<>());
      case ']' -> stack.push(new ArrayList<>());
      case ')' -> stack.push(new Tuple(List.of()));
      case 't' -> stack.push(new Tuple(stack.popToMark()));
      case 0x85 -> stack.push(new Tuple(stack.pop(1)));
      case 0x86 -> stack.push(new Tuple(stack.pop(2)));
      case 0x87 -> stack.push(new Tuple(stack.pop(3)));
      case 'q' -> memo.put(in.oneByte(), stack.top());
      case 'r' -> memo.put(in.fourBytes(), stack.top());
      case 'h' -> stack.push(recalled(in.oneByte()));
      case 'j' -> stack.push(recalled(in.fourBytes()));
      case 's' -> setItems(stack.pop(2));
      case 'u' -> setItems(stack.popToMark());
      case 'a' -> append(stack.pop(1));
      case 'e' -> append(stack.popToMark());
      case 'c' -> stack.push(TorchNames.known(file, in.line() + "." + in.line()));
      case 'Q' -> stack.push(storage(stack.pop()));
      case 'R' -> reduce();
      case 'b' -> build();
      default -> throw refused("uses the pickle instruction 0x" + Integer.toHexString(opcode));
    }
  }

  private void protocol(int version) {
    if (version != 2) {
      throw refused("is a pickle of protocol " + version + "; torch.save writes protocol 2");
    }
  }

  private Object recalled(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw refused("refers to something that it has not said");
    }
    return value;
  }

  private void setItems(List<Object> keysAndValues) {
    Object target = stack.top();
    if (!(target instanceof Map<?, ?>) || keysAndValues.size() % 2 != 0) {
      throw refused("sets items of something that is no dictionary");
    }
    @SuppressWarnings("unchecked") // every map on the stack was made here, and takes any value
    Map<Object, Object> map = (Map<Object, Object>) target;
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      // Other keys might contain themselves, and never be done with their hash.
      if (!(key instanceof String) && !(key instanceof Long)) {
        throw refused("has a dictionary whose keys are no strings");
      }
      map.put(key, keysAndValues.get(i + 1));
    }
  }

  private void append(List<Object> values) {
    if (!(stack.top() instanceof List<?> target)) {
      throw refused("appends to something that is no list");
    }
    @SuppressWarnings("unchecked") // every list on the stack was made here, and takes any value
    List<Object> list = (List<Object>) target;
    list.addAll(values);
  }

  /** Attributes, such as the versions of modules, say nothing of the weights. */
  private void build() {
    stack.pop();
    if (!(stack.top() instanceof Map<?, ?>)) {
      throw refused("sets attributes of something that is no dictionary");
    }
  }

  private Storage storage(Object id) {
    if (id instanceof Tuple tuple
        && tuple.values().size() == 5
        && tuple.values().get(0).equals("storage")
        && tuple.values().get(1) instanceof Global type
        && tuple.values().get(2) instanceof String key
        && tuple.values().get(4) instanceof Long elements) {
      return new Storage(type.name(), key, elements);
    }
    throw refused("refers to something outside it that is no storage");
  }

  private void reduce() {
    Object arguments = stack.pop();
    Object function = stack.pop();
    if (!(function instanceof Global global) || !(arguments instanceof Tuple tuple)) {
      throw refused("calls something that is no function");
    }
    stack.push(TorchNames.call(file, global, tuple.values()));
  }

  private CheckpointException refused(String what) {
    return TorchNames.refused(file, what);
  }
}
