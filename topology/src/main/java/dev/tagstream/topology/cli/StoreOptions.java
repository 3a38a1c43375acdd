package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.HubException;
import dev.tagstream.model.hub.ModelReference;
import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.topology.config.LoadedConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that works on the store of pulled models. */
final class StoreOptions {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Folder of the pulled models. Default: model.store.")
  private @Nullable Path folder;

  LoadedConfig load(Terminal terminal) {
    return options.load(terminal);
  }

  ModelStore store(Terminal terminal) {
    return store(load(terminal));
  }

  ModelStore store(LoadedConfig loaded) {
    return new ModelStore(folder == null ? loaded.config().model().store() : folder);
  }

  /** The model that somebody names; another form of name is wrong use. */
  static ModelReference reference(String name) {
    try {
      return ModelReference.parse(name);
    } catch (HubException e) {
      throw CliFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }
}
