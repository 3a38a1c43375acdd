package dev.tagstream.topology.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of {@code tagstream run} in a JVM of its own, with this one's Java and class
 * path.
 *
 * @param line to start it
 */
record ChildCommand(List<String> line) {

  /**
   * Writes what the command line refers to.
   *
   * @param settings of the child; where it connects to stands on the command line, so that no
   *     variable of this environment leads it elsewhere
   */
  static ChildCommand write(Path folder, Map<String, String> settings) throws IOException {
    Path config = Files.writeString(folder.resolve("child.yaml"), Json.line(settings));
    // In a file, since ONNX Runtime does not survive a long command line.
    Path options =
        Files.writeString(
            folder.resolve("java-options"),
            "-cp \""
                + System.getProperty("java.class.path").replace("\\", "\\\\").replace("\"", "\\\"")
                + "\"\n");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("@" + options);
    line.add("-XX:+ExitOnOutOfMemoryError");
    line.add("-Djava.awt.headless=true");
    line.add(Cli.class.getName());
    line.add("run");
    line.add("--config");
    line.add(config.toString());
    for (String key : List.of("kafka.bootstrap.servers", "registry.urls", "application.id")) {
      line.add("--set");
      line.add(key + "=" + settings.get(key));
    }
    return new ChildCommand(List.copyOf(line));
  }
}
