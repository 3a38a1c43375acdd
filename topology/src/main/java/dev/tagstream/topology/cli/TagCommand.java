package dev.tagstream.topology.cli;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import dev.tagstream.model.label.ScoredLabel;
import dev.tagstream.model.label.Scoring;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.client.PictureFile;
import dev.tagstream.topology.client.PictureFiles;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tags pictures without Kafka. */
@Command(
    name = "tag",
    mixinStandardHelpOptions = true,
    description = "Tag picture files here and now, without Kafka.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream tag drawing.png --labels \"a cat,a dog\"",
      "  tagstream tag photos/ --label-set everyday.yaml --model ~/models/clip-vit-base-patch32 --json"
    })
final class TagCommand implements Callable<Integer> {
  private static final int SHOWN_LABELS = 5;

  private final Terminal terminal;

  @Parameters(paramLabel = "PHOTO", arity = "1..*", description = "Files or folders.")
  private List<Path> photos = List.of();

  @ArgGroup(multiplicity = "0..1")
  private Choice choice = new Choice();

  /** Either words or a file. */
  static final class Choice {
    @Option(
        names = "--labels",
        paramLabel = "WORDS",
        description = "Labels, separated by commas, as the model is to read them.")
    private @Nullable String words;

    @Option(
        names = "--label-set",
        paramLabel = "FILE",
        description = "A label set in YAML. Default: the everyday labels of the demo.")
    private @Nullable Path file;
  }

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A checkpoint folder, or OWNER/NAME of a pulled one. Default: the bundled starter model,"
              + " which knows drawings.")
  private String model = TagstreamConfig.Model.STARTER;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--json",
      description = "One JSON object a picture, all labels and the embedding included.")
  private boolean json;

  TagCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    LabelSet labels = labelSet();
    LabelPolicyCheck.check(labels, terminal);
    List<PictureFile> files = PictureFiles.find(photos);
    if (files.isEmpty()) {
      throw CliFailure.failed("There is no picture in " + photos + ".");
    }
    int failures = 0;
    try (ClipModel clip = Models.load(CheckpointChoice.path(model, terminal), device.options())) {
      LabelCompiler compiler =
          new LabelCompiler(clip::embedTexts, clip.checkpoint().logitScale(), LabelSet.MAX_TEXTS);
      LabelMatrix matrix = compiler.compile(labels);
      for (PictureFile file : files) {
        failures += tag(file, clip, matrix) ? 0 : 1;
      }
    }
    return failures == 0 ? 0 : CliFailure.FAILED;
  }

  private boolean tag(PictureFile file, ClipModel clip, LabelMatrix matrix) {
    try {
      float[] embedding = clip.embedImage(PictureFiles.read(file.path()));
      print(file, matrix.score(embedding), embedding);
      return true;
    } catch (ImageRejectedException e) {
      terminal.err().println("! " + file.path() + ": " + e.getMessage());
    } catch (IOException e) {
      terminal.err().println("! " + file.path() + ": " + Explanation.of(e).sentence());
    }
    return false;
  }

  private void print(PictureFile file, List<ScoredLabel> labels, float[] embedding) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("image", file.path().toString());
      line.put("labels", labels.stream().map(TagCommand::fields).toList());
      line.put("embedding", embedding);
      terminal.out().println(Json.line(line));
    } else {
      String shown =
          labels.stream()
              .limit(SHOWN_LABELS)
              .map(
                  label ->
                      String.format(
                          Locale.ROOT, "%s %.1f%%", label.name(), 100 * label.probability()))
              .collect(Collectors.joining(", "));
      terminal.out().printf("%-28s %s%n", file.name(), shown);
    }
  }

  private static Map<String, Object> fields(ScoredLabel label) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", label.name());
    fields.put("similarity", label.similarity());
    fields.put("probability", label.probability());
    return fields;
  }

  private LabelSet labelSet() {
    if (choice.file != null) {
      return LabelSetYaml.read(choice.file);
    }
    if (choice.words != null) {
      return ofWords(choice.words);
    }
    return DemoPictures.labelSet();
  }

  private static LabelSet ofWords(String words) {
    List<Label> labels = new ArrayList<>();
    Arrays.stream(words.split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .distinct()
        .forEach(word -> labels.add(Label.of(word)));
    if (labels.isEmpty()) {
      throw CliFailure.wrongUse("--labels needs at least one word, such as \"a cat,a dog\".");
    }
    return new LabelSet("labels", "1", labels, List.of(), Scoring.SOFTMAX, labels.size());
  }
}
