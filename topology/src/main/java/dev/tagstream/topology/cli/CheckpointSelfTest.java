package dev.tagstream.topology.cli;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ComputeChoice;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.hub.ModelLock;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.selftest.Check;
import dev.tagstream.model.selftest.Figure;
import dev.tagstream.model.selftest.SelfTest;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The self-test of a checkpoint with the pictures that come with Tagstream.
 *
 * @param path where the checkpoint is
 * @param options how it runs
 * @param expected what others found for it
 * @param pictures a folder of pictures that figures name and that do not come with Tagstream
 * @param fetch whether pictures that are nowhere here are fetched from where they are published
 */
record CheckpointSelfTest(
    Path path,
    ModelOptions options,
    ExpectedFigures expected,
    @Nullable Path pictures,
    boolean fetch) {
  /** In a pulled model's folder, so that they come along when it is copied. */
  private static final String PICTURES = "selftest";

  /** What was found. */
  record Report(String model, String revision, String device, String compute, List<Check> checks) {

    boolean passed() {
      return checks.stream().noneMatch(check -> check.outcome() == Check.Outcome.FAILED);
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("model", model);
      fields.put("revision", revision);
      fields.put("device", device);
      fields.put("compute", compute);
      fields.put("passed", passed());
      fields.put("checks", checks);
      return fields;
    }

    void print(Terminal terminal, boolean json) {
      if (json) {
        terminal.out().println(Json.line(fields()));
        return;
      }
      terminal.out().printf("on %s in %s%n", device, compute);
      for (Check check : checks) {
        terminal
            .out()
            .printf(
                "%-9s%s: %s%n",
                check.outcome().name().toLowerCase(Locale.ROOT), check.name(), check.detail());
      }
    }
  }

  Report run() throws IOException {
    try (ClipModel model = Models.load(path, options)) {
      if (model.device().equals("cpu") && model.compute() == ComputeType.F32) {
        return run(model, model);
      }
      ModelOptions exact = options.on(new DeviceChoice.Cpu()).computing(ComputeChoice.F32);
      try (ClipModel reference = Models.load(path, exact)) {
        return run(model, reference);
      }
    }
  }

  private Report run(ClipModel model, ClipModel reference) throws IOException {
    List<SelfTest.Picture> bundled =
        DemoPictures.all().stream()
            .map(picture -> new SelfTest.Picture(picture.word(), picture.bytes()))
            .toList();
    List<Check> checks = new ArrayList<>();
    try {
      checks.addAll(SelfTest.run(model, reference, bundled));
    } catch (ImageRejectedException e) {
      throw new IllegalStateException("A bundled picture cannot be decoded", e);
    }
    Optional<Path> beside = Models.pulled(path).map(pulled -> pulled.folder().resolve(PICTURES));
    FigurePictures found = new FigurePictures(pictures, beside, fetch);
    for (Figure figure : expected.figures()) {
      checks.add(compare(reference, figure, found.find(figure.picture())));
    }
    if (expected.figures().isEmpty()) {
      checks.add(new Check("published figures", Check.Outcome.SKIPPED, expected.none()));
    }
    return new Report(
        model.checkpoint().name(),
        model.checkpoint().revision(),
        model.device(),
        model.compute().toString(),
        checks);
  }

  private static Check compare(ClipModel reference, Figure figure, FigurePictures.Found picture) {
    String name = "figure of " + figure.source();
    if (picture instanceof FigurePictures.Found.Missing missing) {
      return new Check(name, Check.Outcome.SKIPPED, missing.why());
    }
    byte[] file = ((FigurePictures.Found.Here) picture).file();
    Optional<String> pinned = figure.picture().sha256();
    if (pinned.isPresent() && !pinned.get().equals(ModelLock.sha256(file))) {
      return new Check(
          name,
          Check.Outcome.FAILED,
          figure.picture().name() + " is another file than the published one");
    }
    return SelfTest.compare(reference, figure, file);
  }
}
