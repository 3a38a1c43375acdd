package dev.tagstream.topology.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Prints dotted keys as nested YAML, in the order they come; open sections stay dotted inside. */
final class YamlPrinter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/~][A-Za-z0-9._/:*~-]*[^:]|\\w");
  private static final List<String> OPEN = List.of("kafka.", "registry.properties.");

  private final PrintWriter out;
  private List<String> section = List.of();

  YamlPrinter(PrintWriter out) {
    this.out = out;
  }

  /** Prints one setting, below its comments. */
  void print(String key, Object value, String suffix, String... comments) {
    List<String> path = split(key);
    List<String> parents = path.subList(0, path.size() - 1);
    int common = 0;
    while (common < Math.min(parents.size(), section.size())
        && parents.get(common).equals(section.get(common))) {
      common++;
    }
    for (int depth = common; depth < parents.size(); depth++) {
      out.println("  ".repeat(depth) + parents.get(depth) + ":");
    }
    section = parents;
    String indent = "  ".repeat(parents.size());
    for (String comment : comments) {
      out.println(indent + "# " + comment);
    }
    out.println(indent + path.get(path.size() - 1) + ": " + scalar(value) + suffix);
  }

  private static List<String> split(String key) {
    for (String open : OPEN) {
      if (key.startsWith(open)) {
        List<String> path = new ArrayList<>(List.of(open.split("\\.")));
        path.add(key.substring(open.length()));
        return path;
      }
    }
    return List.of(key.split("\\."));
  }

  private static String scalar(Object value) {
    boolean plain = !(value instanceof String text) || PLAIN.matcher(text).matches();
    return plain && !(value instanceof List<?>) ? value.toString() : Json.line(value);
  }
}
