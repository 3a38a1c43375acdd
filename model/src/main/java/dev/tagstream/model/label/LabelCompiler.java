package dev.tagstream.model.label;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Turns label sets into matrices for one checkpoint, and remembers the text embeddings so that a
 * changed set costs only its new prompts.
 *
 * <p>A label's row is the normalised mean of the normalised embeddings of its texts (prompt
 * ensembling, Radford et al. 2021, section 3.1.4).
 *
 * <p>Threading: {@link #compile} may be called by any thread, one at a time goes ahead.
 */
public final class LabelCompiler {
  /** A set is embedded in slices, so that a set of many texts needs no array of all its tokens. */
  private static final int TEXTS_PER_CALL = 64;

  private final Function<List<String>, float[][]> embedTexts;
  private final float logitScale;
  private final int maxCachedTexts;
  private final Map<String, float[]> cache = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param embedTexts texts to L2-normalised embeddings, a row a text
   * @param logitScale the checkpoint's, already exponentiated
   * @param maxCachedTexts text embeddings kept between calls, the least recently used go first
   */
  public LabelCompiler(
      Function<List<String>, float[][]> embedTexts, float logitScale, int maxCachedTexts) {
    this.embedTexts = embedTexts;
    this.logitScale = logitScale;
    this.maxCachedTexts = maxCachedTexts;
  }

  /** Compiles the set; takes the text encoder's time for every text not met before. */
  public synchronized LabelMatrix compile(LabelSet set) {
    Set<String> texts = new LinkedHashSet<>();
    set.labels().forEach(label -> texts.addAll(set.texts(label)));
    boolean needsNeutral = set.scoring() == Scoring.INDEPENDENT;
    if (needsNeutral) {
      texts.addAll(set.neutralTexts());
    }
    Map<String, float[]> embeddings = embed(texts);
    float[][] rows = new float[set.labels().size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = meanDirection(set.texts(set.labels().get(i)), embeddings);
    }
    float[] neutral = needsNeutral ? meanDirection(set.neutralTexts(), embeddings) : new float[0];
    return new LabelMatrix(set, rows, neutral, logitScale);
  }

  private Map<String, float[]> embed(Set<String> texts) {
    Map<String, float[]> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String text : texts) {
      float[] cached = cache.get(text);
      if (cached == null) {
        missing.add(text);
      } else {
        found.put(text, cached);
      }
    }
    for (int from = 0; from < missing.size(); from += TEXTS_PER_CALL) {
      List<String> slice = missing.subList(from, Math.min(missing.size(), from + TEXTS_PER_CALL));
      float[][] embedded = embedTexts.apply(List.copyOf(slice));
      for (int i = 0; i < embedded.length; i++) {
        found.put(slice.get(i), embedded[i]);
        remember(slice.get(i), embedded[i]);
      }
    }
    return found;
  }

  private void remember(String text, float[] embedding) {
    cache.put(text, embedding);
    if (cache.size() > maxCachedTexts) {
      cache.remove(cache.keySet().iterator().next());
    }
  }

  private static float[] meanDirection(List<String> texts, Map<String, float[]> embeddings) {
    List<float[]> vectors = texts.stream().map(embeddings::get).toList();
    double[] sum = new double[vectors.get(0).length];
    for (float[] vector : vectors) {
      for (int d = 0; d < sum.length; d++) {
        sum[d] += vector[d];
      }
    }
    double norm = 0;
    for (double value : sum) {
      norm += value * value;
    }
    // Opposite prompts can cancel out; a row of zeros then scores 0 instead of NaN.
    double scale = norm == 0 ? 0 : 1 / Math.sqrt(norm);
    float[] row = new float[sum.length];
    for (int d = 0; d < row.length; d++) {
      row[d] = (float) (sum[d] * scale);
    }
    return row;
  }
}
