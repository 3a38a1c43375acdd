package dev.tagstream.topology.config;

import dev.tagstream.topology.config.TagstreamConfig.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the configuration together. Later wins: defaults, the YAML file, the environment, {@code
 * --set}.
 */
public final class ConfigLoader {
  /** The file that is read when none is named and this one exists in the working directory. */
  public static final String DEFAULT_FILE = "tagstream.yaml";

  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, RawValue> raw = new LinkedHashMap<>();

  private ConfigLoader() {}

  /**
   * Loads the configuration.
   *
   * @param file the file to read; when empty, {@value #DEFAULT_FILE} in the working directory if
   *     there is one
   * @param environment all environment variables
   * @param overrides dotted keys and their values, from the command line
   * @throws ConfigException with every problem found
   */
  public static LoadedConfig load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
    return read(file, environment, overrides).bind();
  }

  /**
   * The form of log lines, also where the rest of the configuration cannot be used; {@code AUTO}
   * where it does not say. The parameters are those of {@link #load}.
   */
  public static LogFormat logFormat(
      Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
    Key<LogFormat> key = OperationKeys.LOG_FORMAT;
    RawValue value = read(file, environment, overrides).raw.get(key.path());
    try {
      return value == null ? key.defaultValue() : key.type().parse(value);
    } catch (IllegalArgumentException e) {
      return key.defaultValue();
    }
  }

  private static ConfigLoader read(
      Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
    ConfigLoader loader = new ConfigLoader();
    file.or(ConfigLoader::defaultFile)
        .ifPresent(path -> YamlSource.read(path, loader.raw, loader.problems));
    EnvironmentSource.read(environment, loader.raw, loader.problems);
    overrides.forEach((key, value) -> loader.raw.put(key, RawValue.scalar(value, "--set")));
    return loader;
  }

  /** The configuration when nothing is set, with the given overrides; for tests and the demo. */
  public static TagstreamConfig defaults(Map<String, String> overrides) {
    ConfigLoader loader = new ConfigLoader();
    overrides.forEach((key, value) -> loader.raw.put(key, RawValue.scalar(value, "override")));
    return loader.bind().config();
  }

  private static Optional<Path> defaultFile() {
    Path file = Path.of(DEFAULT_FILE);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  private LoadedConfig bind() {
    LoadedConfig loaded = new ConfigBinder(raw, problems).bind();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return loaded;
  }
}
