/**
 * Judging a checkpoint on labelled pictures: reads the truth, runs the model, writes the report.
 */
@NullMarked
package dev.tagstream.topology.evaluate;

import org.jspecify.annotations.NullMarked;
