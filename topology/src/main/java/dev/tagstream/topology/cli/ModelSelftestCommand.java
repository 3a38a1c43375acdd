package dev.tagstream.topology.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks whether a checkpoint computes what it should. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "Check that a checkpoint computes what it should; `pull` does this by itself.",
      "Finite vectors of length one, an image alone as in a batch, the device as the CPU, the"
          + " bundled pictures ranked sensibly, and the figures that others published for it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream model selftest openai/clip-vit-base-patch32",
      "  tagstream model selftest openai/clip-vit-base-patch32 --fetch",
      "  tagstream model selftest ~/models/clip --as openai/clip-vit-base-patch32",
      "  tagstream model selftest ~/models/clip --figures figures.json --json"
    })
final class ModelSelftestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "MODEL",
      description = "A checkpoint folder, OWNER/NAME of a pulled one, or starter.")
  private String name = "";

  @Mixin private DeviceOption device = new DeviceOption();

  @ArgGroup private Expected expected = new Expected();

  /** What the checkpoint is compared with, if not what was published for the pulled model. */
  static final class Expected {
    @Option(
        names = "--as",
        paramLabel = "OWNER/NAME",
        description = "For a folder of yours: whose published figures to compare.")
    private @Nullable String published;

    @Option(
        names = "--figures",
        paramLabel = "FILE",
        description = "Figures to compare instead of published ones.")
    private @Nullable Path file;
  }

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Pictures that figures name and that do not come with Tagstream.")
  private @Nullable Path pictures;

  @Option(
      names = "--fetch",
      description = {
        "Fetch the pictures that figures name and that are not here, by their SHA-256, from where",
        "they are published. They stay in the folder of a pulled model."
      })
  private boolean fetch;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  ModelSelftestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Path path = CheckpointChoice.path(name, terminal);
    CheckpointSelfTest.Report report =
        new CheckpointSelfTest(path, device.options(), figures(path), pictures, fetch).run();
    report.print(terminal, json);
    return report.passed() ? 0 : CliFailure.FAILED;
  }

  private ExpectedFigures figures(Path path) throws IOException {
    if (expected.file != null) {
      return ExpectedFigures.read(expected.file);
    }
    return expected.published == null
        ? ExpectedFigures.of(path)
        : ExpectedFigures.named(expected.published);
  }
}
