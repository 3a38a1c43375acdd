package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles written by hand that say what no state dictionary says. */
class TorchPickleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os\nsystem",
        "posix\nsystem",
        "builtins\neval",
        "numpy.core.multiarray\nscalar",
        "torch\nload",
        "__builtin__\ngetattr",
        "torch._utils\n_rebuild_tensor"
      })
  void whatIsNoTensorIsRefusedByNameBeforeAnythingElseIsRead(String name) {
    String pickle = "\u0080\u0002c" + name + "\nX\5\0\0\0touch\u0085R.";

    assertRefused(pickle)
        .hasMessageContaining("refers to `" + name.replace('\n', '.') + "`, which is not a tensor")
        .hasMessageContaining("nothing in it is executed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"i", "o", "\u0081", "\u0093", "\u0082", "P", "I", "\u0095", "\u008c"})
  void instructionsThatNoStateDictionaryNeedsAreRefused(String opcode) {
    assertRefused("\u0080\u0002(" + opcode + "os\nsystem\n.")
        .hasMessageContaining("pickle instruction 0x" + Integer.toHexString(opcode.charAt(0)));
  }

  @Test
  void aKnownNameCalledInAnotherWayIsRefused() {
    assertRefused("\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\nK\1\u0085R.")
        .hasMessageContaining("calls `torch._utils._rebuild_tensor_v2` in a way");
    assertRefused("\u0080\u0002ctorch\nFloatStorage\n)R.")
        .hasMessageContaining("calls `torch.FloatStorage`");
  }

  @Test
  void aDictionaryOfAnythingElseIsRefused() {
    assertRefused("\u0080\u0002}X\5\0\0\0epochK\3s.").hasMessageContaining("\"epoch\"");
    assertRefused("\u0080\u0002]K\3a.").hasMessageContaining("no dictionary of tensors");
  }

  @Test
  void aDictionaryThatContainsItselfIsRefusedWithoutEnd() {
    assertRefused("\u0080\u0002}q\0X\1\0\0\0ah\0s.").hasMessageContaining("holds \"a\"");
    assertRefused("\u0080\u0002}]q\0h\0aK\1s.").hasMessageContaining("keys");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String pickle) {
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    return assertThatThrownBy(() -> TorchPickle.read("pytorch_model.bin", bytes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("pytorch_model.bin");
  }
}
