package dev.tagstream.topology.web;

import java.util.function.Supplier;

/**
 * One thing that must be so.
 *
 * @param name in the answer, one word
 * @param find answers at once; may be asked by any thread
 */
public record HealthCheck(String name, Supplier<Finding> find) {

  /**
   * Whether it is so.
   *
   * @param detail why not, or what was found
   */
  public record Finding(boolean ok, String detail) {

    static Finding good(String detail) {
      return new Finding(true, detail);
    }

    static Finding bad(String detail) {
      return new Finding(false, detail);
    }
  }
}
