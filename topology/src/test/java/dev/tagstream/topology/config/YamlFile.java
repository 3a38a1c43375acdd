package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A configuration file, and nothing else that is set. */
record YamlFile(Path folder) {

  Path write(String yaml) {
    try {
      return Files.writeString(folder.resolve("tagstream.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LoadedConfig load(String yaml) {
    return ConfigLoader.load(Optional.of(write(yaml)), Map.of(), Map.of());
  }

  ConfigException refused(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> load(yaml));
  }
}
