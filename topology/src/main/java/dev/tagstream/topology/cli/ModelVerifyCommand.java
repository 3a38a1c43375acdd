package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares a pulled checkpoint with its lock. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Read every byte of a pulled checkpoint and compare it with its lock file.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream model verify openai/clip-vit-base-patch32",
      "  tagstream model verify /backup/clip     a copy, with its lock file"
    })
final class ModelVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private StoreOptions options = new StoreOptions();

  @Parameters(paramLabel = "MODEL", description = "OWNER/NAME[@REVISION], or a folder.")
  private String name = "";

  ModelVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    StoredModel model =
        found()
            .orElseThrow(
                () ->
                    CliFailure.failed(
                        name
                            + " was not pulled, or has no lock file; `tagstream model list` shows what was."));
    List<String> problems = model.problems();
    problems.forEach(problem -> terminal.err().println("! " + problem));
    if (!problems.isEmpty()) {
      throw CliFailure.failed(
          "%s is not what was pulled; `tagstream model pull %s` repairs it in the store."
              .formatted(model.name(), model.name()));
    }
    terminal
        .out()
        .printf("%s: %d files as they were pulled%n", model.name(), model.lock().files().size());
    return 0;
  }

  private Optional<StoredModel> found() {
    return Files.isDirectory(Path.of(name))
        ? StoredModel.in(Path.of(name))
        : options.store(terminal).find(StoreOptions.reference(name));
  }
}
