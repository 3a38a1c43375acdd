/**
 * {@code tagstream bench}: the raw model, decoding and model without Kafka, and the whole
 * application, measured in turns in one run, so that ratios hold however fast the machine is.
 */
@NullMarked
package dev.tagstream.topology.bench;

import org.jspecify.annotations.NullMarked;
