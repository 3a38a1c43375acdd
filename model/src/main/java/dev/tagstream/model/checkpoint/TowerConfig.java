package dev.tagstream.model.checkpoint;

/**
 * The transformer of one tower.
 *
 * @param width the residual stream's size
 * @param layers number of transformer blocks, at least one
 * @param heads attention heads; {@code width} is a multiple of it
 * @param mlpWidth size between the two linear layers of a block
 * @param activation between those layers
 * @param layerNormEpsilon added to the variance in every layer norm
 */
public record TowerConfig(
    int width, int layers, int heads, int mlpWidth, Activation activation, float layerNormEpsilon) {

  /** The size of one attention head. */
  public int headWidth() {
    return width / heads;
  }
}
