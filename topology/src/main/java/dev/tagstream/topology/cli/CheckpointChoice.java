package dev.tagstream.topology.cli;

import dev.tagstream.model.StarterModel;
import dev.tagstream.topology.config.TagstreamConfig;
import java.nio.file.Path;

/** A checkpoint as a user names it: a folder, or the bundled one. */
final class CheckpointChoice {

  private CheckpointChoice() {}

  static Path folder(String named) {
    return named.equals(TagstreamConfig.Model.STARTER) ? StarterModel.folder() : Path.of(named);
  }
}
