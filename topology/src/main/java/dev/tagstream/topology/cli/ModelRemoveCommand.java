package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.ModelReference;
import dev.tagstream.model.hub.ModelStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a pulled checkpoint. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = {
      "Delete a pulled checkpoint from the store.",
      "Without @REVISION: all its revisions, and what unfinished pulls left."
    })
final class ModelRemoveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private StoreOptions options = new StoreOptions();

  @Parameters(paramLabel = "OWNER/NAME[@REVISION]", description = "The model.")
  private String name = "";

  ModelRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelStore store = options.store(terminal);
    ModelReference model = StoreOptions.reference(name);
    Runnable waiting =
        () -> terminal.err().println("Somebody else is at " + model + "; waiting for them.");
    if (!store.remove(model, waiting)) {
      throw CliFailure.failed("There is no " + model + " in " + store.folder() + ".");
    }
    terminal.err().println("removed " + model);
    return 0;
  }
}
