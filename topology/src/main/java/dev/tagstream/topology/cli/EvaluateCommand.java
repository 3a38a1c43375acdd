package dev.tagstream.topology.cli;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.evaluate.PairedComparison;
import dev.tagstream.model.evaluate.PromptTemplates;
import dev.tagstream.model.evaluate.Summary;
import dev.tagstream.model.label.InvalidLabelSetException;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.evaluate.EvaluationFacts;
import dev.tagstream.topology.evaluate.EvaluationText;
import dev.tagstream.topology.evaluate.HtmlReport;
import dev.tagstream.topology.evaluate.LabelledPictures;
import dev.tagstream.topology.evaluate.ModelEvaluation;
import dev.tagstream.topology.evaluate.ModelEvaluation.Effect;
import dev.tagstream.topology.evaluate.ModelEvaluation.Embedded;
import dev.tagstream.topology.evaluate.PictureEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges a checkpoint on pictures whose label is known. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Judge a checkpoint on your own pictures: accuracy, calibration, confusions, thresholds and"
            + " the worst mistakes.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream evaluate --images photos/ --labels pets.yaml --model ~/models/clip --report"
          + " r.html",
      "  tagstream evaluate --images truth.csv --labels pets.yaml --templates clip-7 --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR|CSV",
      description =
          "A folder with a folder of pictures for each label, or a CSV file with the columns path"
              + " and label. Labels go by id or name.")
  private Path images = Path.of("");

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "FILE",
      description = "The label set, in YAML.")
  private Path labels = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A checkpoint folder, or OWNER/NAME of a pulled one. Default: the bundled starter model.")
  private String model = TagstreamConfig.Model.STARTER;

  @Option(
      names = "--compare",
      paramLabel = "MODEL",
      description = "A second checkpoint on the same pictures.")
  private @Nullable String compare;

  @Option(
      names = "--templates",
      paramLabel = "NAME|FILE",
      description =
          "own (the label set's; default), none, clip-7, clip-80, or a file with a template a line"
              + " and {} for the prompt.")
  private String templates = EvaluateInput.OWN;

  @Option(
      names = "--no-effects",
      description = "Leave out the table of other templates, which embeds every prompt 88 times.")
  private boolean noEffects;

  @Option(names = "--report", paramLabel = "FILE", description = "Write an HTML report.")
  private @Nullable Path report;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--json", description = "One JSON object with everything.")
  private boolean json;

  EvaluateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    EvaluateInput.requirePlaceFor(report, List.of(labels, images));
    LabelSet set = EvaluateInput.labelSet(labels);
    PromptTemplates chosen = EvaluateInput.templates(templates, set);
    LabelPolicyCheck.check(set, terminal);
    LabelledPictures truth = EvaluateInput.truth(images, set);
    if (truth.pictures().isEmpty() && truth.skipped().isEmpty()) {
      throw CliFailure.failed(
          images
              + " has no pictures; --images takes a folder with a folder of pictures for each"
              + " label, or a CSV file with the columns path and label.");
    }
    if (truth.pictures().isEmpty()) {
      truth.skipped().forEach(this::complain);
      throw nothing();
    }
    if (compare != null) {
      // What cannot be compared is told before minutes are spent on the first.
      Models.read(CheckpointChoice.path(compare, terminal), device.options().resolved());
    }
    ModelEvaluation first = evaluate(model, set, chosen, truth, !noEffects);
    first.skipped().forEach(this::complain);
    if (first.pictures().isEmpty()) {
      throw nothing();
    }
    ModelEvaluation second = compare == null ? null : evaluate(compare, set, chosen, truth, false);
    if (second != null && !second.pictures().equals(first.pictures())) {
      throw CliFailure.failed(
          "The two checkpoints could not read the same pictures; are they being changed?");
    }
    PairedComparison pairs =
        second == null ? null : PairedComparison.of(first.scores(), second.scores());
    if (report != null) {
      HtmlReport.write(report, first, second, pairs);
      terminal.err().println("report written to " + report);
    }
    print(first, second, pairs);
    return 0;
  }

  private void print(
      ModelEvaluation first, @Nullable ModelEvaluation second, @Nullable PairedComparison pairs) {
    if (!json) {
      EvaluationText.lines(first, second, pairs).forEach(terminal.out()::println);
      return;
    }
    Map<String, Object> facts = EvaluationFacts.of(first);
    if (second != null && pairs != null) {
      facts.put("compare", EvaluationFacts.of(second, pairs));
    }
    terminal.out().println(Json.line(facts));
  }

  private ModelEvaluation evaluate(
      String named,
      LabelSet set,
      PromptTemplates chosen,
      LabelledPictures truth,
      boolean withEffects) {
    try (ClipModel clip = Models.load(CheckpointChoice.path(named, terminal), device.options())) {
      Embedded embedded = embed(clip, truth);
      LabelCompiler compiler =
          new LabelCompiler(clip::embedTexts, clip.checkpoint().logitScale(), LabelSet.MAX_TEXTS);
      LabelMatrix matrix = compile(compiler, chosen, set);
      List<Effect> effects =
          withEffects ? effects(clip, compiler, chosen, set, embedded) : List.of();
      return ModelEvaluation.of(
          clip.checkpoint(), clip.preprocessor(), matrix, chosen, embedded, effects);
    }
  }

  private Embedded embed(ClipModel clip, LabelledPictures truth) {
    List<Path> files = truth.pictures().stream().map(LabelledPictures.Picture::path).toList();
    try (Progress progress = Progress.of(terminal, "images", files.size())) {
      return Embedded.of(truth, new PictureEmbedder(clip, progress::step).embed(files));
    }
  }

  private List<Effect> effects(
      ClipModel clip,
      LabelCompiler compiler,
      PromptTemplates chosen,
      LabelSet set,
      Embedded embedded) {
    List<PromptTemplates> all = new ArrayList<>(PromptTemplates.named());
    all.add(EvaluateInput.own(set));
    if (!all.contains(chosen)) {
      all.add(chosen);
    }
    List<Effect> effects = new ArrayList<>();
    try (Progress progress = Progress.of(terminal, "templates", all.size())) {
      for (PromptTemplates each : all) {
        Summary summary =
            Summary.of(
                embedded.scores(compile(compiler, each, set), clip.checkpoint().logitScale()));
        effects.add(new Effect(each.name(), each.templates().size(), summary));
        progress.step();
      }
    }
    return effects;
  }

  private static LabelMatrix compile(
      LabelCompiler compiler, PromptTemplates templates, LabelSet set) {
    try {
      return compiler.compile(templates.in(set));
    } catch (InvalidLabelSetException e) {
      throw CliFailure.wrongUse(
          "The templates %s do not fit this label set: %s. --no-effects leaves the table out."
              .formatted(templates.name(), e.getMessage()));
    }
  }

  private void complain(LabelledPictures.Skipped skipped) {
    terminal.err().println("! skipped " + skipped.name() + ": " + skipped.reason());
  }

  private CliFailure nothing() {
    return CliFailure.failed("Nothing in " + images + " could be evaluated.");
  }
}
