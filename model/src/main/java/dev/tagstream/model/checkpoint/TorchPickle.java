package dev.tagstream.model.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
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

  private enum Special {
    NONE,
    MARK
  }

  private final String file;
  private final ByteBuffer in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private TorchPickle(String file, byte[] pickle) {
    this.file = file;
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
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
      int opcode = Byte.toUnsignedInt(in.get());
      if (opcode == '.') {
        return pop();
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(Byte.toUnsignedInt(in.get()));
      case '(' -> push(Special.MARK);
      case 'N' -> push(Special.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) Byte.toUnsignedInt(in.get()));
      case 'M' -> push((long) Short.toUnsignedInt(in.getShort()));
      case 'J' -> push((long) in.getInt());
      case 0x8a -> push(number(Byte.toUnsignedInt(in.get())));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(in.getInt()));
      case '}' -> push(new LinkedHashMap<>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popToMark()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), top());
      case 'r' -> memo.put(in.getInt(), top());
      case 'h' -> push(recalled(Byte.toUnsignedInt(in.get())));
      case 'j' -> push(recalled(in.getInt()));
      case 's' -> setItems(tuple(2).values());
      case 'u' -> setItems(popToMark());
      case 'a' -> append(tuple(1).values());
      case 'e' -> append(popToMark());
      case 'c' -> push(TorchNames.known(file, line() + "." + line()));
      case 'Q' -> push(storage(pop()));
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

  private long number(int bytes) {
    if (bytes > Long.BYTES) {
      throw refused("holds a number of " + bytes + " bytes");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long next = i == bytes - 1 ? in.get() : Byte.toUnsignedLong(in.get());
      value |= next << (8 * i);
    }
    return value;
  }

  private String text(int bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[bytes];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (byte next = in.get(); next != '\n'; next = in.get()) {
      line.append((char) Byte.toUnsignedInt(next));
    }
    return line.toString();
  }

  private void push(Object value) {
    stack.push(value);
  }

  private Object pop() {
    if (stack.isEmpty()) {
      throw refused("takes more from its stack than there is");
    }
    return stack.pop();
  }

  private Object top() {
    Object top = pop();
    push(top);
    return top;
  }

  private Object recalled(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw refused("refers to something that it has not said");
    }
    return value;
  }

  private List<Object> popToMark() {
    List<Object> values = new ArrayList<>();
    for (Object value = pop(); value != Special.MARK; value = pop()) {
      values.add(value);
    }
    Collections.reverse(values);
    return values;
  }

  private Tuple tuple(int size) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(0, pop());
    }
    return new Tuple(values);
  }

  private void setItems(List<Object> keysAndValues) {
    Object target = top();
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
    if (!(top() instanceof List<?> target)) {
      throw refused("appends to something that is no list");
    }
    @SuppressWarnings("unchecked") // every list on the stack was made here, and takes any value
    List<Object> list = (List<Object>) target;
    list.addAll(values);
  }

  /** Attributes, such as the versions of modules, say nothing of the weights. */
  private void build() {
    pop();
    if (!(top() instanceof Map<?, ?>)) {
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
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof Global global) || !(arguments instanceof Tuple tuple)) {
      throw refused("calls something that is no function");
    }
    push(TorchNames.call(file, global, tuple.values()));
  }

  private CheckpointException refused(String what) {
    return TorchNames.refused(file, what);
  }
}
