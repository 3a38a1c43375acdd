/**
 * What happens to one event between its offset being read and its results being ready: read,
 * resolve, decode, embed, score, encode. Knows nothing of commits, order or threads of Kafka
 * Streams.
 */
@NullMarked
package dev.tagstream.topology.tagging;

import org.jspecify.annotations.NullMarked;
