package dev.tagstream.schemas;

import dev.tagstream.events.ModelIdentity;

/** The identity of an embedding space, as one text. */
public final class EmbeddingSpace {
  private EmbeddingSpace() {}

  /**
   * {@code <weightsSha256>/<dimension>/<preprocessing>}. Two vectors may be compared if and only if
   * these texts are equal; the checkpoint's name and revision do not count, since they can change
   * while the weights stay.
   */
  public static String of(ModelIdentity model) {
    return model.getWeightsSha256() + "/" + model.getDimension() + "/" + model.getPreprocessing();
  }
}
