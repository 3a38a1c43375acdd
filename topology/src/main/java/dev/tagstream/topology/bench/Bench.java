package dev.tagstream.topology.bench;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.StarterModel;
import dev.tagstream.topology.Models;
import dev.tagstream.topology.batch.BatchStats;
import dev.tagstream.topology.batch.NamedDevice;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.demo.DemoPictures;
import dev.tagstream.topology.tagging.ModelOnDevices;
import dev.tagstream.topology.tagging.StageClock;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures raw model, ideal and end to end in turns, the ideal before and after end to end, so that
 * a machine whose speed drifts moves both alike. Every measurement runs with the same model, batch
 * size and decode workers.
 */
public final class Bench {
  private static final int MOST_WARM_UPS = 24;
  private static final int WARM_UP_IMAGES = 2_000;

  /** With the model to be measured, whose slower pace lets other code run often. */
  private static final int MOST_RUNS_BEFORE = 5;

  /** Shares of a core that the JIT compiler may take in a run, for the next one to count. */
  private static final double NEARLY_AT_REST = 0.1;

  private static final double AT_REST = 0.03;

  private final TagstreamConfig config;
  private final int images;
  private final int rounds;
  private final Consumer<String> progress;

  /**
   * Measures nothing yet.
   *
   * @param config names an empty platform: topics and schemas are there, label sets need not be
   * @param images in each measurement
   * @param rounds measurements of each kind, two of the ideal
   * @param progress gets a line for each measurement
   */
  public Bench(TagstreamConfig config, int images, int rounds, Consumer<String> progress) {
    this.config = config;
    this.images = images;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Warms up, then runs all rounds, which take 4 × rounds × images of the model's time. */
  public BenchReport run() {
    List<byte[]> files = DemoPictures.all().stream().map(DemoPictures.Picture::bytes).toList();
    progress.accept("loading the model");
    try (ModelOnDevices model = Models.load(config)) {
      WithoutKafka withoutKafka = new WithoutKafka(config, model, images);
      progress.accept("warming up");
      warmUp(withoutKafka, files);
      try (EndToEnd endToEnd = new EndToEnd(config, model)) {
        runUntilAtRest(endToEnd, files, images, MOST_RUNS_BEFORE, AT_REST);
        return measure(model, withoutKafka, endToEnd, files);
      }
    }
  }

  private BenchReport measure(
      ModelOnDevices model, WithoutKafka withoutKafka, EndToEnd endToEnd, List<byte[]> files) {
    List<Double> raw = new ArrayList<>();
    List<Double> ideal = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      raw.add(measured(round, "raw model", withoutKafka.raw()));
      double before = measured(round, "decode + model", withoutKafka.ideal(files));
      double endToEndRate = measured(round, "end to end", endToEnd.run(files, images));
      double after = measured(round, "decode + model", withoutKafka.ideal(files));
      ideal.add((before + after) / 2);
      whole.add(endToEndRate);
      ratios.add(endToEndRate / ((before + after) / 2));
    }
    return new BenchReport(
        model.clip().checkpoint().name(),
        String.join(", ", model.devices().stream().map(NamedDevice::name).toList()),
        model.clip().compute().toString(),
        images,
        rounds,
        median(raw),
        median(ideal),
        median(whole),
        median(ratios),
        List.copyOf(ratios),
        stageMillis(endToEnd),
        endToEnd.batches().meanBatch());
  }

  /**
   * Until the JIT compiler, which takes a good part of a core for the first minutes of Kafka's
   * code, has come to rest: an application runs for days, not for minutes. With the small starter
   * model the same code runs many times as often.
   */
  private void warmUp(WithoutKafka withoutKafka, List<byte[]> files) {
    withoutKafka.raw();
    withoutKafka.ideal(files);
    try (ClipModel small = ClipModel.load(StarterModel.folder(), ModelOptions.defaults());
        EndToEnd endToEnd = new EndToEnd(config, ModelOnDevices.of(small))) {
      runUntilAtRest(endToEnd, files, WARM_UP_IMAGES, MOST_WARM_UPS, NEARLY_AT_REST);
    }
  }

  private void runUntilAtRest(
      EndToEnd endToEnd, List<byte[]> files, int number, int mostRuns, double rest) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    for (int run = 1; run <= mostRuns; run++) {
      long start = System.nanoTime();
      long before = compiler.getTotalCompilationTime();
      endToEnd.run(files, number);
      double compiling = compiler.getTotalCompilationTime() - before;
      double share = compiling * 1e6 / (System.nanoTime() - start);
      progress.accept(
          String.format(
              Locale.ROOT, "warming up: the JIT compiler took %.0f %% of a core", 100 * share));
      if (share < rest) {
        return;
      }
    }
    progress.accept(
        "the JIT compiler is not at rest yet: what it takes is part of the end-to-end figures");
  }

  private double measured(int round, String what, double perSecond) {
    progress.accept(
        String.format(
            Locale.ROOT, "round %d of %d: %-15s %9.1f images/s", round, rounds, what, perSecond));
    return perSecond;
  }

  /** Milliseconds of thread time an image, in the order of an image's way. */
  private static Map<String, Double> stageMillis(EndToEnd endToEnd) {
    Map<String, Double> stages = new LinkedHashMap<>();
    BatchStats batches = endToEnd.batches();
    double images = batches.images() * 1e6;
    for (StageClock.Stage stage : StageClock.Stage.values()) {
      if (stage == StageClock.Stage.FINISH) {
        stages.put("await device", batches.queuedNanos() / images);
        stages.put("device", batches.deviceNanos() / images);
      }
      String name = stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      stages.put(name, endToEnd.stageNanos(stage) / images);
    }
    return stages;
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
