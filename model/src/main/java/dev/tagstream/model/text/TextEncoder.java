package dev.tagstream.model.text;

import dev.tagstream.model.graph.TextTowerGraph;
import dev.tagstream.model.runtime.ModelInput;
import dev.tagstream.model.runtime.OnnxModel;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * Prompts to embeddings. Prompts run in batches of similar length, each batch no longer than its
 * longest prompt: most prompts have a dozen tokens, and the cost grows with the length.
 *
 * <p>Thread-safe. Owns the tokenizer and the tower it is given.
 */
public final class TextEncoder implements AutoCloseable {
  private static final int BATCH = 32;

  private final ClipTokenizer tokenizer;
  private final OnnxModel tower;
  private final int eosTokenId;

  /** Read-locked by every call: the native tokenizer must not be freed under one. */
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

  private volatile boolean closed;

  public TextEncoder(ClipTokenizer tokenizer, OnnxModel tower, int eosTokenId) {
    this.tokenizer = tokenizer;
    this.tower = tower;
    this.eosTokenId = eosTokenId;
  }

  /**
   * L2-normalised embeddings in the order of the prompts.
   *
   * @throws IllegalStateException if this is closed, or closes before the last batch
   */
  public float[][] embed(List<String> prompts) {
    lifetime.readLock().lock();
    try {
      return embedOpen(prompts);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  private float[][] embedOpen(List<String> prompts) {
    refuseWhenClosed();
    List<long[]> ids = tokenizer.encode(prompts);
    int[] byLength =
        IntStream.range(0, ids.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> ids.get(i).length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] embeddings = new float[ids.size()][];
    for (int from = 0; from < byLength.length; from += BATCH) {
      refuseWhenClosed();
      int to = Math.min(from + BATCH, byLength.length);
      List<long[]> batch = IntStream.range(from, to).mapToObj(i -> ids.get(byLength[i])).toList();
      float[][] rows = run(batch);
      for (int i = from; i < to; i++) {
        embeddings[byLength[i]] = rows[i - from];
      }
    }
    return embeddings;
  }

  private float[][] run(List<long[]> batch) {
    int length = batch.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    long[] tokens = new long[batch.size() * length];
    long[] ends = new long[batch.size()];
    for (int row = 0; row < batch.size(); row++) {
      long[] ids = batch.get(row);
      System.arraycopy(ids, 0, tokens, row * length, ids.length);
      ends[row] = PromptEnd.of(ids, eosTokenId);
    }
    return tower.run(
        List.of(
            ModelInput.longs(TextTowerGraph.TOKENS, tokens, batch.size(), length),
            ModelInput.longs(TextTowerGraph.END, ends, batch.size(), 1)));
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new IllegalStateException("The text encoder is closed");
    }
  }

  /**
   * Waits for the batches that run, not for those that a long list of prompts has still before it.
   */
  @Override
  public void close() {
    closed = true;
    lifetime.writeLock().lock();
    try {
      tower.close();
      tokenizer.close();
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
