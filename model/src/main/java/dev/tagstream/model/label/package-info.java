/**
 * Zero-shot labels: a {@link dev.tagstream.model.label.LabelSet} is compiled once into a {@link
 * dev.tagstream.model.label.LabelMatrix}, which scores any number of image embeddings.
 */
@NullMarked
package dev.tagstream.model.label;

import org.jspecify.annotations.NullMarked;
