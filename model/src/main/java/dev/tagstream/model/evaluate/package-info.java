/**
 * How good zero-shot labels are on pictures whose label is known: accuracy, calibration,
 * confusions, thresholds and the comparison of two checkpoints. Functions of scores and truth;
 * nothing here reads a picture or runs a model.
 */
@NullMarked
package dev.tagstream.model.evaluate;

import org.jspecify.annotations.NullMarked;
