package dev.tagstream.topology.cli;

import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.hub.HubOptions;
import dev.tagstream.model.hub.ModelReference;
import dev.tagstream.model.hub.StoredModel;
import dev.tagstream.topology.config.LoadedConfig;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a checkpoint. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch a checkpoint from the model hub into the store, and verify it.",
      "Run it again to go on after an interruption, to verify, or to repair."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream model pull openai/clip-vit-base-patch32",
      "  tagstream model pull laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K@main --store /models",
      "  TAGSTREAM_HUB_URL=https://mirror.example tagstream model pull vinid/plip",
      "",
      "$HF_ENDPOINT and $HF_TOKEN stand in for hub.url and hub.token where these are not set."
    })
final class ModelPullCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private StoreOptions options = new StoreOptions();

  @Option(
      names = "--hub",
      paramLabel = "URL",
      description = "Another hub than hub.url; no token is sent to it.")
  private @Nullable String hub;

  @Option(
      names = "--no-selftest",
      description = "Do not load the model to see whether it computes what it should.")
  private boolean noSelftest;

  @Option(names = "--json", description = "At the end one JSON object.")
  private boolean json;

  @Parameters(
      paramLabel = "OWNER/NAME[@REVISION]",
      description = "The model. Default revision: main.")
  private String name = "";

  ModelPullCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    LoadedConfig loaded = options.load(terminal);
    HubOptions from = HubChoice.of(hub, loaded, terminal.environment());
    ModelReference reference = StoreOptions.reference(name);
    StoredModel model;
    try (TransferProgress progress = new TransferProgress(terminal, reference)) {
      model = options.store(loaded).pull(reference, from, progress);
    }
    if (!json) {
      print(model);
    }
    CheckpointSelfTest.Report report = null;
    try {
      requireUsable(model);
      report = noSelftest ? null : selftest(model, isPublic(from));
    } finally {
      if (json) {
        terminal.out().println(Json.line(fields(model, report)));
      }
    }
    if (report != null && !report.passed()) {
      throw CliFailure.failed(
          model.name()
              + " is what the hub has, but does not compute what it should: see `tagstream model"
              + " selftest "
              + model.name()
              + "`. Do not rely on its tags.");
    }
    return 0;
  }

  /** Who pulls from a mirror may have no other way out, or want none. */
  private static boolean isPublic(HubOptions from) {
    return from.base().toString().equals(HubOptions.PUBLIC_HUB);
  }

  private CheckpointSelfTest.Report selftest(StoredModel model, boolean fetch) throws IOException {
    CheckpointSelfTest.Report report =
        new CheckpointSelfTest(
                model.folder(),
                ModelOptions.defaults(),
                ExpectedFigures.of(model.folder()),
                null,
                fetch)
            .run();
    if (!json) {
      report.print(terminal, false);
    }
    return report;
  }

  private static Map<String, Object> fields(
      StoredModel model, CheckpointSelfTest.@Nullable Report report) {
    Map<String, Object> fields = StoredModelLines.fields(model);
    if (report != null) {
      fields.put("selftest", report.fields());
    }
    return fields;
  }

  private void print(StoredModel model) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s: %d files, %,d MiB, verified%n%s%n",
            model.name(),
            model.lock().files().size(),
            model.lock().bytes() >> 20,
            model.folder());
    model
        .lock()
        .card()
        .facts()
        .forEach((fact, text) -> terminal.out().printf("  %-14s %s%n", fact, text));
    if (model.lock().card().licence().isEmpty()) {
      terminal.err().println("! Its card names no licence: ask its authors before you use it.");
    }
  }

  private static void requireUsable(StoredModel model) {
    try {
      CheckpointFolder.open(model.folder());
    } catch (CheckpointException e) {
      throw CliFailure.failed(
          "%s is here and verified, but this version cannot run it: %s"
              .formatted(model.name(), e.getMessage()));
    }
  }
}
