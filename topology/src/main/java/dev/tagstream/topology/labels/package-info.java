/**
 * The label sets in force: those of the configuration, overlaid by those of the label-sets topic,
 * compiled and swapped while events flow. Read beside the topology and not as a global table, so
 * that a slow compilation or a bad record stalls nothing.
 */
@NullMarked
package dev.tagstream.topology.labels;

import org.jspecify.annotations.NullMarked;
