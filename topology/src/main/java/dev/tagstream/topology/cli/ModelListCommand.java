package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.ModelStore;
import dev.tagstream.model.hub.StoredModel;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the store. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Show the pulled checkpoints; needs no network.")
final class ModelListCommand implements Callable<Integer> {
  private static final String ROW = "%-52s %-12s %10s  %s%n";

  private final Terminal terminal;

  @Mixin private StoreOptions options = new StoreOptions();

  @Option(names = "--json", description = "One JSON object a checkpoint.")
  private boolean json;

  ModelListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelStore store = options.store(terminal);
    List<StoredModel> models = store.list();
    if (json) {
      models.forEach(model -> terminal.out().println(Json.line(StoredModelLines.fields(model))));
    } else if (models.isEmpty()) {
      terminal
          .err()
          .println(
              "No checkpoint is in " + store.folder() + "; see `tagstream model pull --help`.");
    } else {
      terminal.out().printf(ROW, "model", "commit", "MiB", "licence");
      models.forEach(this::print);
    }
    return 0;
  }

  private void print(StoredModel model) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            ROW,
            model.lock().source(),
            model.lock().revision().substring(0, Math.min(12, model.lock().revision().length())),
            "%,d".formatted(model.lock().bytes() >> 20),
            model.lock().card().licence().orElse("not stated"));
  }
}
