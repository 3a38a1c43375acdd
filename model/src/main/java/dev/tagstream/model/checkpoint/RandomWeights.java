package dev.tagstream.model.checkpoint;

import java.util.List;

/**
 * Random numbers of the size that a freshly initialised transformer has, so that activations stay
 * in the range of a real model's: Xavier-uniform matrices, layer norms near the identity.
 *
 * <p>SplitMix64 (Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators") is
 * written out here because no class of the platform promises the same numbers in every release.
 */
final class RandomWeights {
  private static final float LOGIT_SCALE = 2.6592f;

  private long state;

  RandomWeights(long seed) {
    this.state = seed;
  }

  /** Gives a tensor's numbers one by one. */
  interface Source {
    float next();
  }

  Source of(String tensor, List<Long> shape) {
    if (tensor.equals("logit_scale")) {
      return () -> LOGIT_SCALE;
    }
    if (tensor.contains("norm") && tensor.endsWith(".weight")) {
      return () -> 1 + uniform(0.1f);
    }
    if (shape.size() == 1) {
      return () -> uniform(0.1f);
    }
    long fanIn = shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
    float bound = (float) Math.sqrt(6.0 / (shape.get(0) + fanIn));
    // Tables of embeddings have far more rows than a row has numbers; by Xavier they would vanish.
    return tensor.contains("embeddings.token") || tensor.contains("embeddings.position")
        ? () -> uniform(0.5f)
        : () -> uniform(bound);
  }

  private float uniform(float bound) {
    state += 0x9e3779b97f4a7c15L;
    long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    mixed ^= mixed >>> 31;
    return ((mixed >>> 40) * 0x1p-23f - 1) * bound;
  }
}
