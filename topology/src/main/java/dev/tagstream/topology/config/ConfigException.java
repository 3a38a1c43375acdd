package dev.tagstream.topology.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Carries every problem found, not only the first. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(describe(problems));
    this.problems = List.copyOf(problems);
  }

  public List<ConfigProblem> problems() {
    return problems;
  }

  private static String describe(List<ConfigProblem> problems) {
    if (problems.size() == 1) {
      return "The configuration has a problem: " + problems.get(0);
    }
    return problems.stream()
        .map(problem -> "  - " + problem)
        .collect(
            Collectors.joining(
                "\n", "The configuration has " + problems.size() + " problems:\n", ""));
  }
}
