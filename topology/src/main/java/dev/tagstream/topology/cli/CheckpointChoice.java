package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.topology.Models;
import java.nio.file.Path;
import java.util.Map;

/** A checkpoint as a user names it: a folder, a pulled one, or the bundled one. */
final class CheckpointChoice {

  private CheckpointChoice() {}

  /** Where it is, for commands that read no configuration. */
  static Path path(String named, Terminal terminal) {
    return Models.path(named, store(terminal.environment()));
  }

  private static Path store(Map<String, String> environment) {
    String store = environment.getOrDefault("TAGSTREAM_MODEL_STORE", "");
    return store.isBlank()
        ? ModelStore.defaultFolder(
            System.getProperty("os.name"), Path.of(System.getProperty("user.home")), environment)
        : Path.of(store);
  }
}
