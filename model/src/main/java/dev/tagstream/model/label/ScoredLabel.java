package dev.tagstream.model.label;

/**
 * A label as given to one image.
 *
 * @param similarity cosine between image and label, -1 to 1
 * @param probability 0 to 1, by the set's {@link Scoring}
 */
public record ScoredLabel(String id, String name, float similarity, float probability) {}
