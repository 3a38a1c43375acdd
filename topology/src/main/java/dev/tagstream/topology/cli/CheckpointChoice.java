package dev.tagstream.topology.cli;

import dev.tagstream.topology.Models;
import java.nio.file.Path;

/** A checkpoint as a user names it: a folder, a pulled one, or the bundled one. */
final class CheckpointChoice {

  private CheckpointChoice() {}

  /**
   * Where it is, for commands that need no configuration: only for the name of a pulled model is it
   * read, for the place of the store.
   */
  static Path path(String named, Terminal terminal) {
    return Models.path(named, () -> new ConfigOptions().load(terminal).config().model().store());
  }
}
