package dev.tagstream.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics by name, read from the documentation or from what Prometheus would scrape. */
record MetricsTable(Map<String, Metric> metrics) {
  private static final Pattern ROW =
      Pattern.compile("\\| `(tagstream_\\w+)` \\| (\\w+) \\|([^|]*)\\|.*");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Set<String> FORMATS_OWN_LABELS = Set.of("le", "quantile");

  /** Type and names of the labels, as far as any sample has them. */
  record Metric(String type, Set<String> labels) {}

  static MetricsTable documented(Path file) throws IOException {
    Map<String, Metric> metrics = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> labels = new TreeSet<>();
        for (String label : row.group(3).split(",", -1)) {
          if (!label.isBlank()) {
            labels.add(label.replace("`", "").strip());
          }
        }
        metrics.put(row.group(1), new Metric(row.group(2), labels));
      }
    }
    return new MetricsTable(metrics);
  }

  static MetricsTable exported(String scrape) {
    Map<String, Metric> metrics = new TreeMap<>();
    String name = "";
    for (String line : scrape.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        name = type.group(1);
        if (name.startsWith("tagstream_")) {
          metrics.put(name, new Metric(type.group(2), new TreeSet<>()));
        }
      } else if (metrics.containsKey(name) && !line.startsWith("#")) {
        metrics.get(name).labels().addAll(labels(line).keySet());
      }
    }
    metrics.values().forEach(metric -> metric.labels().removeAll(FORMATS_OWN_LABELS));
    return new MetricsTable(metrics);
  }

  /** The sum of the samples of this name that have these labels. */
  static double value(String scrape, String name, String... labels) {
    List<Double> values = new ArrayList<>();
    for (String line : scrape.lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && sample.group(1).equals(name) && has(labels(line), labels)) {
        values.add(Double.parseDouble(sample.group(3)));
      }
    }
    if (values.isEmpty()) {
      throw new AssertionError("no " + name + List.of(labels) + " in\n" + scrape);
    }
    return values.stream().mapToDouble(value -> value).sum();
  }

  private static boolean has(Map<String, String> all, String... wanted) {
    for (int i = 0; i < wanted.length; i += 2) {
      if (!wanted[i + 1].equals(all.get(wanted[i]))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> labels(String line) {
    Map<String, String> labels = new HashMap<>();
    Matcher label = LABEL.matcher(line);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }
}
