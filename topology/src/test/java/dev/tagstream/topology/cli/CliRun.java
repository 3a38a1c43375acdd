package dev.tagstream.topology.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** One run of the program inside the test. */
record CliRun(int exitCode, String out, String err) {

  static CliRun of(String... arguments) {
    return with(Map.of(), arguments);
  }

  static CliRun with(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), environment, false);
    int exitCode = Cli.run(terminal, arguments);
    return new CliRun(exitCode, out.toString(), err.toString());
  }
}
