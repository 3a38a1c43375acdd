package dev.tagstream.topology.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The outside of the program, so that commands can be run in a test.
 *
 * @param out results
 * @param err progress, warnings and errors
 * @param environment all environment variables
 * @param interactive whether a person watches: progress bars rather than lines
 */
record Terminal(
    PrintWriter out, PrintWriter err, Map<String, String> environment, boolean interactive) {

  /**
   * The process's own. The launcher says whether standard error is a terminal, since {@code
   * System.console()} answers that on some Java versions only.
   */
  static Terminal system() {
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        Boolean.getBoolean("tagstream.interactive") && !"dumb".equals(System.getenv("TERM")));
  }
}
