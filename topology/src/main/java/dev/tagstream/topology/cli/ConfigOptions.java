package dev.tagstream.topology.cli;

import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.LoadedConfig;
import dev.tagstream.topology.config.TagstreamConfig.LogFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reads the configuration. */
final class ConfigOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "Configuration; default: $TAGSTREAM_CONFIG, else ./tagstream.yaml if there is one.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting, such as batch.maxSize=64. Repeatable.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  LoadedConfig load(Terminal terminal) {
    return load(terminal, Map.of());
  }

  /** Loads with the given settings on top; what the user sets with {@code --set} still wins. */
  LoadedConfig load(Terminal terminal, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(overrides);
    return ConfigLoader.load(file(terminal), terminal.environment(), all);
  }

  /** What can be told of it even where {@link #load} will fail. */
  LogFormat logFormat(Terminal terminal) {
    return ConfigLoader.logFormat(file(terminal), terminal.environment(), overrides);
  }

  private Optional<Path> file(Terminal terminal) {
    return Optional.ofNullable(file)
        .or(
            () ->
                Optional.ofNullable(terminal.environment().get("TAGSTREAM_CONFIG")).map(Path::of));
  }
}
