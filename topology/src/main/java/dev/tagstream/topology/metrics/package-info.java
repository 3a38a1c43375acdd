/**
 * What is measured, under the names by which Prometheus knows it; {@code docs/metrics.md} lists
 * them. Most of it is counted where it happens and only read here, at each scrape.
 */
@NullMarked
package dev.tagstream.topology.metrics;

import org.jspecify.annotations.NullMarked;
