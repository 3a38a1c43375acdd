package dev.tagstream.topology.tagging;

import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.Scoring;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.labels.LabelSets;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds a cat in every picture but in pure green ones, which it cannot run, and can be broken for
 * all.
 */
final class StandInModel implements Device {
  /** A colour. */
  static final int POISON = 0x00ff00;

  /** Pixels of a side. */
  static final int SIDE = 8;

  private volatile boolean broken;

  void breakDown() {
    broken = true;
  }

  @Override
  public int inputBytes() {
    return SIDE * SIDE * 3;
  }

  @Override
  public float[][] run(ByteBuffer pixels, int count) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      int at = i * inputBytes();
      boolean green = pixels.get(at) == 0 && pixels.get(at + 1) == (byte) 0xff;
      if (broken || green) {
        throw new IllegalStateException("cannot run this batch");
      }
      vectors[i] = new float[] {0, 1};
    }
    return vectors;
  }

  static LabelSets labelSets() {
    LabelCompiler compiler =
        new LabelCompiler(
            texts ->
                texts.stream()
                    .map(text -> text.contains("cat") ? new float[] {0, 1} : new float[] {1, 0})
                    .toArray(float[][]::new),
            10f,
            100);
    Label dog = Label.of("dog");
    Label cat = Label.of("cat");
    Label huge = new Label("huge", "x".repeat(80_000), List.of("huge"), null);
    return new LabelSets(
        compiler,
        List.of(
            new LabelSet("default", "1", List.of(dog), List.of(), Scoring.SOFTMAX, 5),
            new LabelSet("pets", "3", List.of(dog, cat), List.of(), Scoring.SOFTMAX, 5),
            new LabelSet("huge", "1", List.of(huge), List.of(), Scoring.SOFTMAX, 5)));
  }
}
