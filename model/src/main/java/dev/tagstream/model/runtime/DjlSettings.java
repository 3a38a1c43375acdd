package dev.tagstream.model.runtime;

/**
 * What DJL has to be told before its first use. A property that is already set is left alone.
 *
 * <ul>
 *   <li>It reports a process's start to its makers' servers unless told not to.
 *   <li>On a machine with CUDA its tokenizer would download another native library; the one in the
 *       jar does.
 *   <li>Looking for a second engine for array arithmetic costs start-up time, and none is used.
 * </ul>
 */
public final class DjlSettings {
  private DjlSettings() {}

  /** Safe to call any number of times, from any thread. */
  public static void apply() {
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("RUST_FLAVOR", "cpu");
    setIfAbsent("ai.djl.onnx.disable_alternative", "true");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
