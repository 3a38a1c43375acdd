package dev.tagstream.model.checkpoint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The stack of a pickle's machine; whatever takes more from it than there is, is refused. */
final class PickleStack {
  private static final Object MARK = new Object();

  private final String file;
  private final Deque<Object> values = new ArrayDeque<>();

  /**
   * An empty stack.
   *
   * @param file the pickle's name, for messages
   */
  PickleStack(String file) {
    this.file = file;
  }

  void push(Object value) {
    values.push(value);
  }

  /** Where {@link #popToMark} will stop. */
  void mark() {
    push(MARK);
  }

  Object pop() {
    if (values.isEmpty()) {
      throw TorchNames.refused(file, "takes more from its stack than there is");
    }
    return values.pop();
  }

  Object top() {
    Object top = pop();
    push(top);
    return top;
  }

  /** So many values, in the order in which they were pushed. */
  List<Object> pop(int count) {
    List<Object> popped = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      popped.add(pop());
    }
    Collections.reverse(popped);
    return popped;
  }

  /** What was pushed since the last mark, in that order. */
  List<Object> popToMark() {
    List<Object> popped = new ArrayList<>();
    for (Object value = pop(); value != MARK; value = pop()) {
      popped.add(value);
    }
    Collections.reverse(popped);
    return popped;
  }
}
