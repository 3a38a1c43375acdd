package dev.tagstream.model.label;

/** How similarities become probabilities. */
public enum Scoring {
  /**
   * One label of the set is right: softmax over the set at the checkpoint's logit scale, as CLIP's
   * zero-shot classification does (Radford et al. 2021, section 3.1.2). Probabilities sum to 1.
   */
  SOFTMAX,

  /**
   * Any number of labels may be right: each label is weighed on its own against the set's templates
   * filled with a neutral word, by a softmax over those two. Above 0.5 means that the image is
   * nearer to the label than to the neutral text.
   */
  INDEPENDENT
}
