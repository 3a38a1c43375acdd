package dev.tagstream.topology.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pickle that {@code torch.save} writes for the weights of a model. */
final class StateDictionary {
  private StateDictionary() {}

  /**
   * A dictionary of tensors of 32-bit floats, over storages that are numbered in its order.
   *
   * @param shapes by name
   */
  static byte[] of(Map<String, List<Integer>> shapes) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(latin1("\u0080\u0002}("));
    int key = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      List<Integer> shape = entry.getValue();
      List<Integer> strides = new ArrayList<>();
      int elements = 1;
      for (int i = shape.size() - 1; i >= 0; i--) {
        strides.add(0, elements);
        elements *= shape.get(i);
      }
      text(pickle, entry.getKey());
      pickle.writeBytes(latin1("ctorch._utils\n_rebuild_tensor_v2\n(("));
      text(pickle, "storage");
      pickle.writeBytes(latin1("ctorch\nFloatStorage\n"));
      text(pickle, Integer.toString(key++));
      text(pickle, "cpu");
      number(pickle, elements);
      pickle.writeBytes(latin1("tQ"));
      number(pickle, 0);
      tuple(pickle, shape);
      tuple(pickle, strides);
      pickle.writeBytes(latin1("\u0089}tR"));
    }
    pickle.writeBytes(latin1("u."));
    return pickle.toByteArray();
  }

  private static void text(ByteArrayOutputStream pickle, String text) {
    pickle.write('X');
    pickle.writeBytes(littleEndian(text.length()));
    pickle.writeBytes(latin1(text));
  }

  private static void number(ByteArrayOutputStream pickle, int number) {
    pickle.write('J');
    pickle.writeBytes(littleEndian(number));
  }

  private static void tuple(ByteArrayOutputStream pickle, List<Integer> numbers) {
    pickle.write('(');
    numbers.forEach(number -> number(pickle, number));
    pickle.write('t');
  }

  private static byte[] littleEndian(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
